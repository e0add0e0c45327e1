import ArgumentParser
internal import PhotoIndex

/// An encoder on the command line: the word `dlib`, or a file; a file of that name is `./dlib`.
struct EncoderArgument: ExpressibleByArgument {
    let choice: EncoderChoice

    init?(argument: String) {
        if argument == "dlib" {
            choice = .own
        } else if let file = PathArgument(argument: argument) {
            choice = .file(file.path)
        } else {
            return nil
        }
    }

    /// For the shell to complete.
    static var defaultCompletionKind: CompletionKind { .file() }
}
