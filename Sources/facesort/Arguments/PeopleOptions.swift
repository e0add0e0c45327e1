internal import PhotoIndex
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

    /// The photos of a command with these people, to be analysed as the flags say.
    func request(_ photos: [PathArgument], _ analysis: AnalysisOptions) -> SurveyRequest {
        analysis.request(photos: photos, people: people, album: album)
    }

    func validate() throws {
        if people != nil && album != nil {
            throw ValidationError(
                "'--people' and '--album' cannot be used together: an album knows its people.")
        }
    }
}
