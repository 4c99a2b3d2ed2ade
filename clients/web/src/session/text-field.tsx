import { type ComponentProps, useId } from 'react';

interface TextFieldProps extends ComponentProps<'input'> {
  readonly label: string;
}

export function TextField({ label, ...input }: TextFieldProps) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm text-dim">
        {label}
      </label>
      <input id={id} className="field" {...input} />
    </div>
  );
}
