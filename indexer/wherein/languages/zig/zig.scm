(variable_declaration (identifier) @name [(struct_declaration) (opaque_declaration)]) @definition.struct
(variable_declaration (identifier) @name (union_declaration)) @definition.struct
(variable_declaration (identifier) @name [(enum_declaration) (error_set_declaration)]) @definition.enum

(function_declaration name: (identifier) @name) @definition.function
(test_declaration [(string) (identifier)] @name) @definition.function

; `const std = @import("std");` defines nothing, it brings in
((source_file
  (variable_declaration
    "const"
    .
    (identifier) @name
    (_) @_value .) @definition.constant)
  (#not-match? @_value "^@(import|This)"))

(source_file
  (variable_declaration
    "var"
    .
    (identifier) @name) @definition.constant)

(container_field name: (identifier) @member)
