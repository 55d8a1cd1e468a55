"""What throttled feeds hide: learned from full feeds, printed apart from what was reported."""
