import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

const itemClass =
  'flex min-h-11 cursor-pointer items-center gap-2 rounded-sm px-3 text-sm outline-none select-none data-[highlighted]:bg-hover sm:min-h-9';

/** A menu that opens from its trigger, which must be a button with a name. */
export function Menu({
  trigger,
  side = 'bottom',
  children,
}: {
  trigger: ReactNode;
  side?: 'bottom' | 'right';
  children: ReactNode;
}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="appear z-50 min-w-52 rounded-md border border-line bg-raised p-1 shadow-raised"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function MenuItem({ onSelect, children }: { onSelect: () => void; children: ReactNode }) {
  return (
    <Radix.Item className={itemClass} onSelect={onSelect}>
      {children}
    </Radix.Item>
  );
}

/** An item that leads to another address. */
export function MenuLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Radix.Item asChild className={itemClass}>
      <a href={href}>{children}</a>
    </Radix.Item>
  );
}

export function MenuLine() {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}

type Choice<Value extends string> = { value: Value; name: string };

/** One of several, under a heading. */
export function MenuChoice<Value extends string>(props: {
  label: string;
  value: Value;
  choices: Choice<Value>[];
  onChoose: (value: Value) => void;
}) {
  return (
    <Radix.Group>
      <Radix.Label className="px-3 pt-2 pb-1 text-xs text-muted">{props.label}</Radix.Label>
      <Radix.RadioGroup value={props.value} onValueChange={(value) => props.onChoose(value as Value)}>
        {props.choices.map(({ value, name }) => (
          <Radix.RadioItem key={value} value={value} className={itemClass}>
            <span className="inline-flex w-4 justify-center" aria-hidden="true">
              <Radix.ItemIndicator>
                <span className="block size-2 rounded-full bg-ice" />
              </Radix.ItemIndicator>
            </span>
            {name}
          </Radix.RadioItem>
        ))}
      </Radix.RadioGroup>
    </Radix.Group>
  );
}
