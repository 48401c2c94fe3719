//! THE LAWS.
