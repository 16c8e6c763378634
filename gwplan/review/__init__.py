"""What an edit of the inventory changes in the night: two inventories, their plans, findings and single losses."""
