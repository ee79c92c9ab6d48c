import { parseSync } from 'vite';

/** A syntax node (ESTree with TypeScript), as far as it is looked at here. */
type Node = { readonly type: string } & Readonly<Record<string, unknown>>;

export interface Import {
  /** What stands between the quotes. */
  readonly specifier: string;
  /** Gone at run time. */
  readonly typeOnly: boolean;
}

/** What the rules of the house need to know of a source file. */
export interface ParsedSource {
  readonly imports: readonly Import[];
  /** Globals it uses, with the property where one is read: `fetch`, `process.env`, `new Date()`. */
  readonly globals: ReadonlySet<string>;
  /** Titles of its tests and suites; those marked skip or todo are left out. */
  readonly titles: readonly string[];
}

/** Reads a TypeScript or JavaScript file. Throws a `SyntaxError` with the parser's words. */
export function parseSource(path: string, text: string): ParsedSource {
  const { program: parsed, errors } = parseSync(path, text);
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors.map(({ message }) => message).join('; ')}`);
  const program = parsed as unknown as Node;
  const all = [...nodes(program)];
  const own = new Set(all.flatMap(declared));
  return {
    imports: all.flatMap(importOf),
    globals: new Set(references(program).filter((use) => !own.has(use.replace(/^new /, '').split(/[.(]/)[0] ?? ''))),
    titles: all.flatMap(titleOf),
  };
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

function children(node: Node): Node[] {
  return Object.values(node).flat().filter(isNode);
}

function* nodes(node: Node): Generator<Node> {
  yield node;
  for (const child of children(node)) yield* nodes(child);
}

function importOf(node: Node): Import[] {
  const source = node.type === 'TSImportType' ? (node.source ?? node.argument) : node.source;
  const specifier = isNode(source) ? (source.value ?? (source.literal as Node | undefined)?.value) : undefined;
  if (typeof specifier !== 'string') return [];
  return [{ specifier, typeOnly: isTypeOnly(node) }];
}

function isTypeOnly(node: Node): boolean {
  if (node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type') return true;
  const specifiers = (node.specifiers ?? []) as Node[];
  return specifiers.length > 0 && specifiers.every((each) => each.importKind === 'type' || each.exportKind === 'type');
}

/** Names that a declaration makes the file's own, anywhere in it. */
function declared(node: Node): string[] {
  switch (node.type) {
    case 'VariableDeclarator':
    case 'ClassDeclaration':
      return bound(node.id);
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
      return bound(node.local);
    case 'CatchClause':
      return bound(node.param);
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return [...bound(node.id), ...((node.params ?? []) as Node[]).flatMap(bound)];
    default:
      return [];
  }
}

function bound(pattern: unknown): string[] {
  if (!isNode(pattern)) return [];
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name as string];
    case 'AssignmentPattern':
      return bound(pattern.left);
    case 'RestElement':
      return bound(pattern.argument);
    case 'ArrayPattern':
      return (pattern.elements as unknown[]).flatMap(bound);
    case 'ObjectPattern':
      return (pattern.properties as Node[]).flatMap((property) => bound(property.value ?? property));
    default:
      return [];
  }
}

/** Names used as values, declared or not. */
function references(node: Node): string[] {
  if (node.type === 'Identifier') return [node.name as string];
  if (node.type === 'MemberExpression' && node.computed !== true) {
    const object = node.object as Node;
    return object.type === 'Identifier' ? [`${object.name}.${(node.property as Node).name}`] : references(object);
  }
  if (node.type === 'NewExpression' && (node.callee as Node).name === 'Date' && (node.arguments as Node[]).length === 0)
    return ['new Date()'];
  // Of TypeScript's own nodes only `x as T`, `x!` and the like hold an expression.
  if (node.type.startsWith('TS')) return isNode(node.expression) ? references(node.expression) : [];
  const isKeyed = 'key' in node && node.computed !== true;
  return children(node)
    .filter((child) => !(isKeyed && child === node.key))
    .flatMap(references);
}

const TEST_FUNCTIONS = new Set(['it', 'test', 'describe', 'suite']);

function titleOf(node: Node): string[] {
  if (node.type !== 'CallExpression') return [];
  const callee = node.callee as Node;
  const [called, mark] = callee.type === 'MemberExpression' ? [callee.object as Node, (callee.property as Node).name] : [callee, undefined];
  const isTest = TEST_FUNCTIONS.has(called.name as string) || mark === 'test';
  if (!isTest || mark === 'skip' || mark === 'todo') return [];
  const [title] = node.arguments as Node[];
  if (title?.type === 'Literal' && typeof title.value === 'string') return [title.value];
  if (title?.type !== 'TemplateLiteral') return [];
  return [(title.quasis as Node[]).map((quasi) => (quasi.value as { cooked: string }).cooked).join('…')];
}
