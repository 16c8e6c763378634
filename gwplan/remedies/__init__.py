"""What to do about what is wrong: changes to an inventory, each proven by planning and sweeping the changed one."""
