; zsh: one body for several names, of which this grammar takes all but one for an error.
(function_definition
  name: (word) @name
  (ERROR (word)+ @name)) @definition.function

(function_definition
  (ERROR (word)+ @name)
  name: (word) @name) @definition.function

(function_definition
  name: (word) @name) @definition.function

; A Bats test is no function to this grammar: `@test "…" {` is a command, its body and `}` are the commands after it.
((command
  name: (command_name) @_head
  .
  argument: [(string) (raw_string) (word) (concatenation)] @name) @definition.function
  (#eq? @_head "@test")
  (#set! until "}"))

(program
  (declaration_command
    ["readonly" "declare" "typeset"]
    (variable_assignment
      name: (variable_name) @name)) @definition.constant)
