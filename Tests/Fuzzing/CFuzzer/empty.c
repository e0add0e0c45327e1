// A target needs a source file; the function itself is in the compiler's fuzzing library.
