import { childrenOf, parseSource } from '../syntax-tree.mjs';

/**
 * The mutants of a source, and its functions.
 *
 * A mutant is a piece of the source (`start` and `end` in bytes) and its replacement (`text`), described for people by
 * `file`, `line`, `lineText` and `change`. Its `place` is that of the innermost function around it, or of the module.
 *
 * A function has a `place`, which is a name for it, and a body from `start` to `end`, which may be an expression
 * (`isExpression`).
 */
export function mutantsOf(file, source) {
  const tree = parseSource(source);
  const lines = source.split('\n');
  const mutants = [];
  const functions = [];

  visit({ type: 'Module', body: tree.body }, moduleOf(file));
  return { mutants, functions };

  function visit(node, around) {
    if (isSentence(node)) return;
    const body = bodyOf(node);
    const place = body === undefined ? around : `${file}:${tree.startOf(node)}`;
    if (body !== undefined) functions.push({ place, ...body });
    for (const edit of RULES[node.type]?.(node, tree) ?? []) mutants.push(described(edit, around));
    for (const child of childrenOf(node)) visit(child, place);
  }

  /** Undefined for what is no function, and for a function without a body. */
  function bodyOf({ type, body, function: method }) {
    const block = FUNCTIONS.has(type) ? (method?.body ?? body) : undefined;
    if (block === undefined || block === null) return undefined;
    return { start: tree.startOf(block), end: tree.endOf(block), isExpression: block.stmts === undefined };
  }

  function described({ node, text, shown = text }, place) {
    const line = tree.lineOf(node);
    const change = `${inOneLine(tree.textOf(node))} → ${inOneLine(shown)}`;
    const lineText = lines[line - 1].trim();
    return { file, place, start: tree.startOf(node), end: tree.endOf(node), text, line, lineText, change };
  }
}

/** The place of what runs when a module is loaded. */
export function moduleOf(file) {
  return `${file}:module`;
}

const FUNCTIONS = new Set([
  'ArrowFunctionExpression',
  'ClassMethod',
  'Constructor',
  'FunctionDeclaration',
  'FunctionExpression',
  'GetterProperty',
  'MethodProperty',
  'PrivateMethod',
  'SetterProperty',
]);

/**
 * What to change in a node of each type: gives `{ node, text, shown }`, the piece, its replacement, and how that is
 * shown to people when it reads otherwise.
 */
const RULES = {
  BinaryExpression: (node, tree) => [
    ...otherOperators(node, tree),
    ...(node.operator in COMPARISONS ? [node.left, node.right].flatMap(otherConstant) : []),
  ],
  AssignmentExpression: ({ operator, left, right, ...node }, tree) =>
    (operator === '+=' || operator === '-=') && !isText(right)
      ? [{ node, text: `${tree.textOf(left)} ${operator === '+=' ? '-=' : '+='} ${tree.textOf(right)}` }]
      : [],
  UnaryExpression: ({ operator, argument, ...node }, tree) =>
    operator === '!' ? [{ node, text: tree.textOf(argument) }] : [],
  BooleanLiteral: (node) => [{ node, text: String(!node.value) }],
  IfStatement: ({ test, consequent }) => [...eitherWay(test), ...withoutReturn(consequent)],
  ConditionalExpression: ({ test }) => eitherWay(test),
  WhileStatement: ({ test }) => [{ node: test, text: 'false' }],
  SwitchCase: ({ test }) => (test?.type === 'StringLiteral' ? otherConstant(test) : []),
  MemberExpression: ({ object, property }) => otherMethod(object, property),
};

const COMPARISONS = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
};
const LOGIC = { '&&': ['||'], '||': ['&&'], '??': ['&&'] };
const ARITHMETIC = { '+': ['-'], '-': ['+'] };

function otherOperators({ operator, left, right, ...node }, tree) {
  if (operator in ARITHMETIC && (isText(left) || isText(right))) return [];
  const others = COMPARISONS[operator] ?? LOGIC[operator] ?? ARITHMETIC[operator] ?? [];
  const [before, after] = [left, right].map((operand) => tree.textOf(operand));
  return others.map((other) => ({
    node,
    // `&&` and `||` bind differently; each is kept around what it was around.
    text: operator in LOGIC ? `((${before}) ${other} (${after}))` : `${before} ${other} ${after}`,
    shown: `${before} ${other} ${after}`,
  }));
}

/** Another value for the constant that something is compared with. */
function otherConstant(node) {
  if (node.type === 'StringLiteral') return [{ node, text: "'another'" }];
  if (node.type === 'NumericLiteral') return [{ node, text: String(node.value + 1) }];
  return [];
}

/** A condition that always holds, and one that never does. */
function eitherWay(test) {
  if (test.type === 'BooleanLiteral') return [];
  return ['true', 'false'].map((text) => ({ node: test, text }));
}

/** A guard that does its work and then goes on. One that does nothing but return is left out by its condition. */
function withoutReturn({ stmts: statements = [] }) {
  const last = statements.length > 1 ? statements.at(-1) : undefined;
  return last?.type === 'ReturnStatement' ? [{ node: last, text: ';' }] : [];
}

const METHODS = { some: 'every', every: 'some' };
const MATH = { min: 'max', max: 'min' };

function otherMethod(object, property) {
  const others = object.type === 'Identifier' && object.value === 'Math' ? MATH : METHODS;
  const isOther = property.type === 'Identifier' && Object.hasOwn(others, property.value);
  return isOther ? [{ node: property, text: others[property.value] }] : [];
}

/** Whether `+` on it joins text. */
function isText({ type, operator, left, right, expression }) {
  if (type === 'StringLiteral' || type === 'TemplateLiteral') return true;
  if (type === 'ParenthesisExpression') return isText(expression);
  return type === 'BinaryExpression' && operator === '+' && (isText(left) || isText(right));
}

/** A text for people is known by its spaces; which words it has is not for unit tests to hold. */
function isSentence({ type, quasis }) {
  return type === 'TemplateLiteral' && quasis.some(({ raw }) => raw.includes(' '));
}

function inOneLine(text) {
  return text.replace(/\s+/g, ' ').trim();
}
