(variable_declaration (identifier) @name "=" [(struct_declaration) (union_declaration) (opaque_declaration)]) @definition.struct
(variable_declaration (identifier) @name "=" [(enum_declaration) (error_set_declaration)]) @definition.enum

(function_declaration name: (identifier) @name) @definition.function
(test_declaration "test" @qualifier [(string) (identifier)] @name) @definition.function

; `const std = @import("std");` and `const mem = std.mem;` define nothing, they bring in
((source_file
  (variable_declaration
    "const"
    .
    (identifier) @name
    (_) @_value .) @definition.constant)
  (#not-match? @_value "^(@import|@This|std\\.)"))

(source_file
  (variable_declaration
    "var"
    .
    (identifier) @name) @definition.constant)

; in a container they only lend it their names
((struct_declaration (variable_declaration . (identifier) @member (_) @_value .))
  (#not-match? @_value "^(@import|@This|std\\.)"))
((union_declaration (variable_declaration . (identifier) @member (_) @_value .))
  (#not-match? @_value "^(@import|@This|std\\.)"))
((enum_declaration (variable_declaration . (identifier) @member (_) @_value .))
  (#not-match? @_value "^(@import|@This|std\\.)"))
((opaque_declaration (variable_declaration . (identifier) @member (_) @_value .))
  (#not-match? @_value "^(@import|@This|std\\.)"))
(error_set_declaration (identifier) @member)
(container_field name: (identifier) @member)
