"""What the user presses: actions and their keys, toolbar, menus, seek bar, sheets."""
