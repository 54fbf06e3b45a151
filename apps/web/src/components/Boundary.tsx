import { Component, type ReactNode } from 'react';
import { Failure } from './Feedback.tsx';

/** Keeps a page's failure to the page. React offers this as a class only. */
export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return <Failure error={this.state.error} safe="Your money and data are where they were: this is only the page." retry={() => location.reload()} />;
  }
}
