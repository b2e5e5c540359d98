; What JavaScript, TypeScript and TSX have in common. A query only: no language of its own.

(function_declaration name: (_) @name) @definition.function
(generator_function_declaration name: (_) @name) @definition.function
(class_declaration name: (_) @name) @definition.class
(function_expression name: (identifier) @name) @definition.function
(class name: (_) @name) @definition.class
(method_definition name: (_) @name) @definition.method

[
  (lexical_declaration (variable_declarator
    name: (identifier) @name
    value: [(arrow_function) (function_expression) (generator_function)]))
  (variable_declaration (variable_declarator
    name: (identifier) @name
    value: [(arrow_function) (function_expression) (generator_function)]))
] @definition.function
(lexical_declaration (variable_declarator name: (identifier) @name value: (class))) @definition.class

; Foo.prototype.bar = function …, module.exports.x = () => …
(expression_statement (assignment_expression
  left: [(member_expression) (identifier)] @name
  right: [(arrow_function) (function_expression) (generator_function)])) @definition.function
(expression_statement (assignment_expression left: (member_expression) @name right: (class))) @definition.class
; a.on = a.addListener = function …, const made = exports.made = () => …
(expression_statement (assignment_expression
  left: [(member_expression) (identifier)] @name
  right: (assignment_expression left: [(member_expression) (identifier)] @name right: [
    (arrow_function) (function_expression) (generator_function)
    (assignment_expression left: [(member_expression) (identifier)] @name right: [
      (arrow_function) (function_expression) (generator_function)
      (assignment_expression
        left: [(member_expression) (identifier)] @name
        right: [(arrow_function) (function_expression) (generator_function)])
    ])
  ]))) @definition.function
(expression_statement (assignment_expression
  left: [(member_expression) (identifier)] @name
  right: (assignment_expression left: [(member_expression) (identifier)] @name right: [
    (class)
    (assignment_expression left: [(member_expression) (identifier)] @name right: (class))
  ]))) @definition.class
(_ . (variable_declarator name: (identifier) @name value: (assignment_expression
  left: [(member_expression) (identifier)] @name
  right: [
    (arrow_function) (function_expression) (generator_function)
    (assignment_expression
      left: [(member_expression) (identifier)] @name
      right: [(arrow_function) (function_expression) (generator_function)])
  ])) .) @definition.function

; methods of object literals
(pair key: (_) @name value: [
  (function_expression)
  (generator_function)
  (arrow_function body: (statement_block))
]) @definition.method

(export_statement "default" @name value: [(arrow_function) (function_expression)]) @definition.function
(export_statement "default" @name value: (class)) @definition.class
(export_statement "default" @name value: [(object) (call_expression)]) @definition.constant

; tests
(expression_statement (call_expression
  function: [
    (identifier) @_call
    (member_expression object: (identifier) @_call)
    (call_expression function: (member_expression object: (identifier) @_call))
  ]
  arguments: (arguments . [(string) (template_string)] @name . [(arrow_function) (function_expression)]))
  (#match? @_call "^(describe|context|suite)$")) @definition.namespace
(expression_statement (call_expression
  function: [
    (identifier) @_call
    (member_expression object: (identifier) @_call)
    (call_expression function: (member_expression object: (identifier) @_call))
  ]
  arguments: (arguments . [(string) (template_string)] @name . [(arrow_function) (function_expression)]))
  (#match? @_call "^(it|test|bench)$")) @definition.function

(program (lexical_declaration (variable_declarator name: (identifier) @name)) @definition.constant)
(program (variable_declaration (variable_declarator name: (identifier) @name)) @definition.constant)
(program (export_statement
  declaration: (lexical_declaration (variable_declarator name: (identifier) @name)) @definition.constant))
; export const { auth, signIn: login = none, ...rest } = make(); const [open, setOpen] = signal(): what is taken apart
; without being exported may come from a `require`
(program (export_statement
  declaration: (lexical_declaration (variable_declarator name: [
    (object_pattern [
      (shorthand_property_identifier_pattern) @name
      (object_assignment_pattern left: (shorthand_property_identifier_pattern) @name)
      (pair_pattern value: [(identifier) @name (assignment_pattern left: (identifier) @name)])
      (rest_pattern (identifier) @name)
    ])
    (array_pattern [(identifier) @name (assignment_pattern left: (identifier) @name)])
  ])) @definition.constant))
(program (expression_statement (assignment_expression
  left: (member_expression) @name
  right: (object))) @definition.constant)
