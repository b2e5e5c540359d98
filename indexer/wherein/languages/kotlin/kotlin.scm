(class_declaration
  "interface"
  name: (identifier) @name) @definition.interface

(class_declaration
  "class"
  name: (identifier) @name
  (enum_class_body)) @definition.enum

(class_declaration
  "class"
  name: (identifier) @name) @definition.class

(object_declaration name: (identifier) @name) @definition.class

; what a companion holds is called by the class's name
(companion_object) @scope
(companion_object name: (identifier) @member)

(secondary_constructor "constructor" @name) @definition.constructor

; an extension is named for what it extends
(function_declaration
  (user_type . (identifier) @qualifier)?
  .
  name: (identifier) @name) @definition.function

(property_declaration
  (user_type . (identifier) @qualifier)
  .
  (variable_declaration . (identifier) @name)) @definition.function

(property_declaration
  (variable_declaration . (identifier) @name)
  (getter)) @definition.function

(source_file
  (property_declaration
    [
      (variable_declaration . (identifier) @name)
      (multi_variable_declaration (variable_declaration . (identifier) @name))
    ]) @definition.constant)

(companion_object
  (class_body
    (property_declaration (variable_declaration . (identifier) @name)) @definition.constant))

(object_declaration
  (class_body
    (property_declaration (variable_declaration . (identifier) @name)) @definition.constant))

(type_alias type: (identifier) @name) @definition.type

(enum_entry . (identifier) @member)
(class_body (property_declaration (variable_declaration . (identifier) @member)))
(class_parameter ["val" "var"] . (identifier) @member)

; to the grammar, `@OptIn(X::class)` on a line of its own is an expression
(source_file (annotated_expression . (annotation)) @attribute)
