(function_declaration name: (identifier) @name) @definition.function
(method_declaration
  receiver: (parameter_list
    (parameter_declaration
      type: [
        (type_identifier) @qualifier
        (generic_type type: (type_identifier) @qualifier)
        (pointer_type (type_identifier) @qualifier)
        (pointer_type (generic_type type: (type_identifier) @qualifier))
      ]))
  name: (field_identifier) @name) @definition.method

(type_declaration . "type" . (type_spec name: (_) @name type: (struct_type)) .) @definition.struct
(type_declaration . "type" . (type_spec name: (_) @name type: (interface_type)) .) @definition.interface
(type_declaration . "type" . [(type_spec name: (_) @name) (type_alias name: (_) @name)] .) @definition.type
(type_declaration "(" (type_spec name: (_) @name type: (struct_type)) @definition.struct)
(type_declaration "(" (type_spec name: (_) @name type: (interface_type)) @definition.interface)
(type_declaration "(" [(type_spec name: (_) @name) (type_alias name: (_) @name)] @definition.type)

(source_file (const_declaration (const_spec (identifier) @name)) @definition.constant)
(source_file (var_declaration (var_spec name: (identifier) @name)) @definition.constant)
(source_file (var_declaration (var_spec_list (var_spec name: (identifier) @name))) @definition.constant)

(method_elem name: (field_identifier) @member)
(source_file (type_declaration (type_spec type: (struct_type
  (field_declaration_list (field_declaration name: (field_identifier) @member))))))
