(module name: (_) @name) @definition.namespace
(class name: (_) @name) @definition.class
(singleton_class) @scope

; `Point = Struct.new(:x, :y) do … end`, `Error = Class.new(StandardError)`
((assignment
  left: (constant) @name
  right: (call
    receiver: (constant) @_class
    method: (identifier) @_method)) @definition.class
  (#any-of? @_class "Struct" "Class" "Data" "Module")
  (#any-of? @_method "new" "define"))

(method name: (_) @name) @definition.method

(singleton_method
  object: [(constant) (scope_resolution) (identifier)]? @qualifier
  name: (_) @name) @definition.method

((call
  !receiver
  method: (identifier) @_head
  arguments: (argument_list . [(simple_symbol) (string)] @name)
  block: (_)) @definition.method
  (#any-of? @_head "define_method" "define_singleton_method"))

(assignment left: (constant) @name) @definition.constant
(assignment left: (left_assignment_list (constant) @name)) @definition.constant

((call
  !receiver
  method: (identifier) @_head
  arguments: (argument_list (simple_symbol) @member))
  (#any-of? @_head
    "attr_reader" "attr_writer" "attr_accessor" "def_delegator" "def_delegators" "delegate" "belongs_to" "has_many"
    "has_one" "scope"))

((call
  !receiver
  method: (identifier) @_head
  arguments: (argument_list . (simple_symbol) @member))
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
