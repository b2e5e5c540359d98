"""How long questions and updates took on this machine: noted as they happen, and added up when somebody asks."""
