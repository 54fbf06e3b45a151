import { useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { t } from '../../language/t.ts';
import { juryCostQuery } from '../../queries/disputes.ts';
import { Money, ncr } from '../Amounts.tsx';
import { BottomBar } from '../BottomBar.tsx';
import { Button } from '../Button.tsx';
import { type Ask, SignDialog } from '../token/SignDialog.tsx';

const GAS = 450_000;

type AskJurorsProps = { /** "the order of Penguins". */ about: string; /** Whether they can be asked; once they were, the dialog still says so. */ may: boolean; act: () => Promise<{ hash: string }> };

/** Takes a dispute to the jurors, whom the asker pays: its cost is said before anything is signed. */
export function AskJurors({ about, may, act }: AskJurorsProps): JSX.Element {
  const { data: cost } = useQuery({ ...juryCostQuery(), enabled: may });
  const [asked, setAsked] = useState<Ask>();
  const submit = (): void => {
    if (cost === undefined) return;
    setAsked({
      title: t`Ask jurors`, gas: GAS, button: t`Sign and ask`, act,
      text: t`Jurors drawn by stake decide about ${about}; their ruling can be appealed. You pay them ${ncr(cost)} now. Allowing the amount is signed first, then the question.`,
      lines: [[t`You pay`, <Money key="cost" amount={cost} strong />], [t`Afterwards`, t`anybody can draw the jury`]],
    });
  };
  return (
    <>
      {may && <BottomBar><Button disabled={cost === undefined} onClick={submit}>Ask jurors</Button></BottomBar>}
      {asked && <SignDialog ask={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}
