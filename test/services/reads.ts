import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** A source file: what it imports, what it passes on from other files, and the names of properties that it reads. */
interface SourceFile {
  /** Imported files, with the names that are imported; `undefined`: all of them, as `import()` does. */
  readonly imports: readonly { readonly file: string; readonly names: readonly string[] | undefined }[];
  /** For each name that is exported from another file: that file, and its name there. */
  readonly passedOn: ReadonlyMap<string, { readonly file: string; readonly name: string }>;
  readonly reads: ReadonlySet<string>;
}

const files = new Map<string, SourceFile>();

/**
 * Collects the names of all properties that are read in a file, and in those it imports. An import from an `index.ts`
 * leads to the file that declares the imported name, and to no other.
 */
export function readsFrom(file: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const pending = [path.resolve(file)];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const { file: imported, names } of open(next).imports) {
      const declared = names?.map((name) => declaringFile(imported, name)) ?? [imported, ...passedOnBy(imported)];
      pending.push(...declared);
    }
  }
  return new Set([...seen].flatMap((each) => [...open(each).reads]));
}

function declaringFile(file: string, name: string): string {
  const source = open(file).passedOn.get(name);
  return source ? declaringFile(source.file, source.name) : file;
}

function passedOnBy(file: string): readonly string[] {
  return [...open(file).passedOn.values()].map((source) => declaringFile(source.file, source.name));
}

function open(file: string): SourceFile {
  const known = files.get(file) ?? parse(file);
  files.set(file, known);
  return known;
}

function parse(file: string): SourceFile {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const imports: { file: string; names: readonly string[] | undefined }[] = [];
  const passedOn = new Map<string, { file: string; name: string }>();
  const reads = new Set<string>();
  const resolve = (specifier: string) => path.resolve(path.dirname(file), specifier);
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && isOurs(node.moduleSpecifier)) {
      imports.push({ file: resolve(node.moduleSpecifier.text), names: namesOf(node) });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && isOurs(node.moduleSpecifier)) {
      for (const each of node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : []) {
        const from = { file: resolve(node.moduleSpecifier.text), name: (each.propertyName ?? each.name).text };
        passedOn.set(each.name.text, from);
      }
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier && isOurs(specifier)) imports.push({ file: resolve(specifier.text), names: undefined });
    } else if (ts.isPropertyAccessExpression(node)) reads.add(node.name.text);
    else if (ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression)) {
      reads.add(node.argumentExpression.text);
    } else if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent) && !node.dotDotDotToken) {
      const name = node.propertyName ?? node.name;
      if (ts.isIdentifier(name) || ts.isStringLiteral(name)) reads.add(name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { imports, passedOn, reads };
}

function isOurs(node: ts.Node): node is ts.StringLiteral {
  return ts.isStringLiteral(node) && /^\.{1,2}\/.*\.ts$/.test(node.text);
}

function namesOf({ importClause }: ts.ImportDeclaration): readonly string[] | undefined {
  const bindings = importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings)) return undefined;
  return bindings.elements.map((each) => (each.propertyName ?? each.name).text);
}
