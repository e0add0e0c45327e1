import ArgumentParser

/// The people in photos: portraits of them, or an album that knows them.
struct PeopleOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A folder with a portrait of each person.", valueName: "folder"))
    var people: PathArgument?

    @Option(
        help: ArgumentHelp(
            "An album these photos were sorted into: facesort uses what it knows and adds to it.",
            valueName: "album"))
    var album: PathArgument?

    /// Whether the people are known.
    var isGiven: Bool { people != nil || album != nil }

    func validate() throws {
        if people != nil && album != nil {
            throw ValidationError(
                "'--people' and '--album' cannot be used together: an album knows its people.")
        }
    }
}
