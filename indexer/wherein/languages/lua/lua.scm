(function_declaration name: (_) @name) @definition.function

(assignment_statement
  (variable_list . name: [(identifier) (dot_index_expression)] @name)
  (expression_list . value: (function_definition))) @definition.function

; `a, b = function() end, function() end`
(assignment_statement
  (variable_list . name: (_) . name: [(identifier) @member (dot_index_expression field: (identifier) @member)])
  (expression_list . value: (_) . value: (function_definition)))

; `T["a test"] = function`, `encoders[TAG.INTEGER] = function`
(assignment_statement
  (variable_list . name: (bracket_index_expression
    table: (_) @qualifier
    field: [(string) @name (dot_index_expression field: (identifier) @name)]))
  (expression_list . value: (function_definition))) @definition.function

; what a file holds, but for `local x = require("x")`
((chunk
  [
    (assignment_statement
      (variable_list . name: [(identifier) (dot_index_expression)] @name)
      (expression_list . value: (_) @_value))
    (variable_declaration
      (assignment_statement
        (variable_list . name: [(identifier) (dot_index_expression)] @name)
        (expression_list . value: (_) @_value)))
  ] @definition.constant)
  (#not-match? @_value "^(require|function)\\b"))

(field
  name: [(identifier) (string)] @name
  value: (function_definition)) @definition.function

; busted
((function_call
  name: (identifier) @_head
  arguments: (arguments . (string) @name (function_definition))) @scope
  (#any-of? @_head "describe" "context"))

((function_call
  name: (identifier) @_head
  arguments: (arguments . (string) @name (function_definition))) @definition.function
  (#any-of? @_head "it" "test"))
