import ArgumentParser

/// The flags that every command takes.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Print JSON for programs instead of text.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print no progress and no remarks, only answers and errors.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Print more: lists in full, and causes of errors.")
    var verbose = false

    func validate() throws {
        if quiet && verbose {
            throw ValidationError("'--quiet' and '--verbose' cannot be used together.")
        }
    }

    /// Prints an answer: a document for a program, or text for a person, unless it is not `isShown`.
    func answer(
        _ document: some Encodable, isShown: Bool = true, text: () -> String
    ) throws {
        if json {
            Console.standard.result(try JSON.document(document))
        } else if isShown {
            Console.standard.result(text())
        }
    }
}
