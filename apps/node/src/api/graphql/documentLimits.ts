import { GraphQLError, Kind, parse } from 'graphql';
import type { ASTVisitor, ParseOptions, Source, ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';

const mostTokens = 2_000;
const mostAliases = 30;
const mostDirectives = 20;
const mostRootFields = 20;

/** What a document may be before it is even looked up in the schema: checking a huge one costs more than answering it. */
export const documentLimits: Plugin = {
  onParse: ({ setParseFn }) => setParseFn((source: Source | string, options?: ParseOptions) => parse(source, { ...options, maxTokens: mostTokens })),
  onValidate: ({ addValidationRule }) => {
    addValidationRule(limitDocument);
    // What does not fit the schema has the code that REST gives to bad requests.
    return ({ valid, result }) => {
      if (!valid) for (const error of result as GraphQLError[]) Object.assign(error.extensions, { code: 'BAD_INPUT', status: 400 });
    };
  },
};

function limitDocument(context: ValidationContext): ASTVisitor {
  const counts = { aliases: 0, directives: 0 };
  const refuse = (what: string, most: number): void => context.reportError(new GraphQLError(`This document has more than ${most} ${what}.`));
  return {
    Field: (field) => {
      if (field.alias && (counts.aliases += 1) === mostAliases + 1) refuse('aliases', mostAliases);
    },
    Directive: () => {
      if ((counts.directives += 1) === mostDirectives + 1) refuse('directives', mostDirectives);
    },
    OperationDefinition: ({ selectionSet }) => {
      if (selectionSet.selections.filter(({ kind }) => kind === Kind.FIELD).length > mostRootFields) refuse('fields at its root', mostRootFields);
    },
  };
}
