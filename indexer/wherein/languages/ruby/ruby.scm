(module name: (_) @name) @definition.namespace
(class name: (_) @name) @definition.class
(singleton_class) @scope

; `Point = Struct.new(:x, :y) do … end`, `Error = Class.new(StandardError)`
((assignment
  left: [(constant) (scope_resolution)] @name
  right: (call
    receiver: (constant) @_class
    method: (identifier) @_method)) @definition.class
  (#any-of? @_class "Struct" "Class" "Data" "Module")
  (#any-of? @_method "new" "define"))

((call
  receiver: (constant) @_class
  method: (identifier) @_method
  arguments: (argument_list (simple_symbol) @member))
  (#any-of? @_class "Struct" "Data")
  (#any-of? @_method "new" "define"))

(method name: (_) @name) @definition.method

(singleton_method
  object: [(constant) (scope_resolution) (identifier)]? @qualifier
  name: (_) @name) @definition.method

((call
  method: (identifier) @_head
  arguments: (argument_list . [(simple_symbol) (string)] @name)) @definition.method
  (#any-of? @_head "define_method" "define_singleton_method"))

; `owner.send(:define_method, :name) { … }`
((call
  method: (identifier) @_send
  arguments: (argument_list . (simple_symbol) @_head . [(simple_symbol) (string)] @name)) @definition.method
  (#any-of? @_send "send" "public_send" "__send__")
  (#any-of? @_head ":define_method" ":define_singleton_method"))

(assignment left: (constant) @name) @definition.constant
(operator_assignment left: (constant) @name) @definition.constant
(assignment left: (left_assignment_list (constant) @name)) @definition.constant

((call
  !receiver
  method: (identifier) @_head
  arguments: (argument_list [(simple_symbol) (string)] @member))
  (#any-of? @_head
    "attr" "attr_reader" "attr_writer" "attr_accessor" "attr_internal" "attr_internal_reader" "attr_internal_writer"
    "attr_internal_accessor" "cattr_reader" "cattr_writer" "cattr_accessor" "mattr_reader" "mattr_writer" "mattr_accessor"
    "thread_cattr_accessor" "thread_mattr_accessor" "class_attribute"))

((call
  !receiver
  method: (identifier) @_head
  arguments: (argument_list (simple_symbol) @member))
  (#any-of? @_head
    "def_delegator" "def_delegators" "delegate" "belongs_to" "has_many" "has_one" "has_and_belongs_to_many" "scope" "enum"))

((call
  !receiver
  method: (identifier) @_head
  arguments: (argument_list . [(simple_symbol) (string)] @member))
  (#eq? @_head "alias_method"))

(alias name: (_) @member)

; Rake
((call
  !receiver
  method: (identifier) @_head
  arguments: (argument_list . [(simple_symbol) (string)] @name)
  block: (_)) @scope
  (#eq? @_head "namespace"))

((call
  !receiver
  method: (identifier) @_head
  arguments: (argument_list . [(simple_symbol) @name (string) @name (pair key: (_) @name)])
  block: (_)) @definition.function
  (#any-of? @_head "task" "multitask" "file"))

((call
  !receiver
  method: (identifier) @_head) @attribute
  (#eq? @_head "desc"))

; RSpec, Minitest, shoulda
((call
  method: (identifier) @_head
  arguments: (argument_list . (_) @name)
  block: (_)) @scope
  (#any-of? @_head "describe" "context" "feature" "shared_examples" "shared_context"))

((call
  !receiver
  method: (identifier) @_head
  arguments: (argument_list . (string) @name)
  block: (_)) @definition.function
  (#any-of? @_head "it" "specify" "scenario" "should" "test"))
