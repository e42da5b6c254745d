"""A recorded session as one HTML page, or several compared on one."""
