; [receiver name:argument more:argument] is called by the first part of its name
(message_expression receiver: (_) @receiver . method: (identifier) @call)
