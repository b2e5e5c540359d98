; GoogleTest: TEST_F(Suite, Name) { … }
(function_definition
  declarator: (function_declarator
    declarator: (identifier) @_macro
    parameters: (parameter_list
      . (parameter_declaration type: (type_identifier) @qualifier !declarator)
      . (parameter_declaration type: (type_identifier) @name !declarator) .))
  (#match? @_macro "^(TYPED_)?TEST(_[FP])?$")) @definition.function
; ACTION_P(name, …) { … }
(translation_unit (function_definition !type declarator: (function_declarator
    declarator: (identifier) @_macro
    parameters: (parameter_list . (parameter_declaration type: (type_identifier) @name !declarator)))) @definition.function
  (#match? @_macro "^[A-Z][A-Z0-9_]+$"))
(declaration_list (function_definition !type declarator: (function_declarator
    declarator: (identifier) @_macro
    parameters: (parameter_list . (parameter_declaration type: (type_identifier) @name !declarator)))) @definition.function
  (#match? @_macro "^[A-Z][A-Z0-9_]+$"))

; inline C::operator bool() const {, which the grammar takes for a function `bool` that returns a `C::operator`
((function_definition type: (qualified_identifier) @name declarator: (function_declarator declarator: (_) @name.end)) @definition.method
  (#match? @name "::operator$"))

(function_definition declarator: [
  (function_declarator declarator: (qualified_identifier) @name)
  (pointer_declarator declarator: (function_declarator declarator: (qualified_identifier) @name))
  (reference_declarator (function_declarator declarator: (qualified_identifier) @name))
  (qualified_identifier name: (operator_cast)) @name
]) @definition.method
(function_definition declarator: [
  (function_declarator declarator: [
    (field_identifier) @name
    (destructor_name) @name
    (operator_name) @name
    (parenthesized_declarator [
      (field_identifier) @name
      (pointer_declarator declarator: (function_declarator declarator: [(field_identifier) (qualified_identifier)] @name))
    ])
  ])
  (pointer_declarator declarator: (function_declarator declarator: [
    (field_identifier) @name
    (operator_name) @name
    (parenthesized_declarator (field_identifier) @name)
  ]))
  (reference_declarator (function_declarator declarator: [
    (identifier) @name
    (field_identifier) @name
    (operator_name) @name
    (parenthesized_declarator (identifier) @name)
    (parenthesized_declarator (field_identifier) @name)
  ]))
  (operator_cast) @name
]) @definition.function
; void f() {};, which the grammar takes for a field with a value
(field_declaration
  declarator: [
    (function_declarator declarator: [(field_identifier) (operator_name)] @name)
    (pointer_declarator declarator: (function_declarator declarator: [(field_identifier) (operator_name)] @name))
    (reference_declarator (function_declarator declarator: [(field_identifier) (operator_name)] @name))
  ]
  default_value: (initializer_list)) @definition.function
; char **f() in a class, char **C::f(), char *&f()
(function_definition declarator: (pointer_declarator declarator: [
  (pointer_declarator declarator: [
    (function_declarator declarator: [(field_identifier) (operator_name)] @name)
    (reference_declarator (function_declarator declarator: [(identifier) (field_identifier) (operator_name)] @name))
    (pointer_declarator declarator: (function_declarator declarator: [(field_identifier) (operator_name)] @name))
  ])
  (reference_declarator (function_declarator declarator: [(identifier) (field_identifier) (operator_name)] @name))
])) @definition.function
(function_definition declarator: (pointer_declarator declarator: [
  (pointer_declarator declarator: [
    (function_declarator declarator: (qualified_identifier) @name)
    (reference_declarator (function_declarator declarator: (qualified_identifier) @name))
    (pointer_declarator declarator: (function_declarator declarator: (qualified_identifier) @name))
  ])
  (reference_declarator (function_declarator declarator: (qualified_identifier) @name))
])) @definition.method
; A& A::operator=(A&&) = default;, which the grammar takes for a variable with a value
((declaration declarator: (init_declarator
  declarator: (reference_declarator (function_declarator declarator: (qualified_identifier name: (operator_name)) @name))
  value: (identifier) @_value))
  (#any-of? @_value "default" "delete")) @definition.method
; std::size_t (name)(…) {, which the grammar takes for a function that returns one
(function_definition declarator: (function_declarator declarator: (function_declarator
  declarator: (qualified_identifier)
  parameters: (parameter_list . (parameter_declaration type: (type_identifier) @name !declarator) .)))) @definition.function

(class_specifier name: (_) @name body: (_)) @definition.class
(struct_specifier name: [(template_type) (qualified_identifier)] @name body: (_)) @definition.struct
(concept_definition name: (identifier) @name) @definition.type
(alias_declaration name: (type_identifier) @name) @definition.type
(namespace_definition name: (_) @name) @scope

(template_declaration (function_definition declarator: (function_declarator declarator: (qualified_identifier) @name))) @definition.method
((template_declaration (function_definition declarator: [
  (function_declarator declarator: [
    (_) @name
    (parenthesized_declarator [
      (identifier) @name
      (pointer_declarator declarator: (function_declarator declarator: (_) @name))
    ])
    (function_declarator
      parameters: (parameter_list . (parameter_declaration type: (type_identifier) @name !declarator) .))
  ])
  (pointer_declarator declarator: (function_declarator declarator: [
    (_) @name
    (parenthesized_declarator (identifier) @name)
  ]))
  (reference_declarator (function_declarator declarator: [
    (_) @name
    (parenthesized_declarator (identifier) @name)
  ]))
])) (#not-match? @name "^[(]|[(][ ]*[A-Za-z_][A-Za-z0-9_]*[ ]*[)]$")) @definition.function
(template_declaration (class_specifier name: (_) @name body: (_))) @definition.class
(template_declaration (struct_specifier name: (_) @name body: (_))) @definition.struct
(template_declaration (alias_declaration name: (_) @name)) @definition.type
; template <class T> constexpr bool is_x = …
(translation_unit (template_declaration
  (declaration declarator: (init_declarator declarator: (identifier) @name))) @definition.constant)
(declaration_list (template_declaration
  (declaration declarator: (init_declarator declarator: (identifier) @name))) @definition.constant)

(declaration_list (declaration declarator: (init_declarator declarator: [
  (identifier) @name
  (array_declarator declarator: (identifier) @name)
])) @definition.constant)

; operators that are declared only: V operator+(V), explicit operator bool(), friend ostream& operator<<(…)
(field_declaration declarator: (function_declarator declarator: (operator_name) @member))
(field_declaration declarator: (_ (function_declarator declarator: (operator_name) @member)))
(declaration declarator: (function_declarator declarator: (operator_name) @member))
(declaration declarator: (_ (function_declarator declarator: (operator_name) @member)))
(declaration declarator: (operator_cast) @member)
(field_declaration declarator: (operator_cast) @member)
