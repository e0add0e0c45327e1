internal import FaceCore
internal import PhotoIndex
import AlbumKit
import ArgumentParser

struct Sort: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sort photos into one folder per person, 'group' and 'unknown'.",
        usage: "facesort sort [<photos> ...] [--people <folder>] --to <album> [<options>]",
        discussion: HelpText.discussion(
            """
            Originals are copied, never changed. Running it again only adds what is missing;
            'facesort undo' removes what a run wrote. The album remembers every PHOTOS and PEOPLE
            it was given, so 'facesort sort --to ALBUM' repeats with all of them.

            PEOPLE holds one portrait per person, named after them (Anna.jpg), or a folder per
            person with several portraits (Anna/*.jpg), mixed as you like.

            A stranger who is in three or more photos gets a folder in 'unknown', for example
            'unknown/person-01', and keeps that number in later runs.
            """,
            examples: [
                "facesort sort ~/Pictures/Party --people ~/People --to ~/Desktop/Party",
                "facesort sort --to ~/Desktop/Party --dry-run",
            ],
            statuses: ExitStatus.allCases))

    @Argument(help: "Folders or files with photos; without any, those the album remembers.")
    var photos: [PathArgument] = []

    @Option(
        help: ArgumentHelp("A folder with a portrait of each person.", valueName: "folder"))
    var people: PathArgument?

    @Option(
        help: ArgumentHelp(
            "The album: a new or empty folder, or one that facesort made.", valueName: "album"))
    var to: PathArgument

    // Unconditional, so that '-1' is read as a number and answered with a sentence about numbers.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            How far a face may be from a portrait and still be that person; lower is stricter \
            (default: as last time, at first \(defaultTolerance)).
            """, valueName: "distance"))
    var tolerance: Float?

    @Option(
        help: ArgumentHelp(
            """
            How people are recognised: by the nearest portrait alone, or by all the evidence of \
            the event (default: as last time, at first evidence).
            """, valueName: "rule"))
    var rule: MatchRule?

    @Option(
        help: ArgumentHelp(
            """
            How readily names are given: balanced, or strict, which leaves more open (default: as \
            last time, at first balanced).
            """, valueName: "naming"))
    var naming: Naming?

    @Flag(
        inversion: .prefixedNo,
        help: """
            File only sure matches, which can be handed out unchecked, and ask about likely ones \
            (default: as last time, at first --no-sure-only).
            """)
    var sureOnly: Bool?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            How many faces make a group photo (default: as last time, at first \
            \(SortSettings.defaultGroupSize)).
            """, valueName: "faces"))
    var groupSize: Int?

    @Option(
        help: ArgumentHelp(
            """
            How photos get into the album (default: as last time, at first copy, which clones \
            where the file system can).
            """, valueName: "kind"))
    var link: LinkKind?

    @Flag(
        inversion: .prefixedNo,
        help: """
            Put all photos of strangers into 'unknown' itself, without a folder for each stranger \
            of three or more photos (default: as last time, at first --no-flat-unknown).
            """)
    var flatUnknown: Bool?

    @Flag(help: "Say what would be done and write nothing.")
    var dryRun = false

    @Flag(help: "Move copies whose originals are gone to ALBUM/.facesort/removed.")
    var prune = false

    @OptionGroup var analysis: AnalysisOptions

    @OptionGroup var output: OutputOptions

    private static var defaultTolerance: Float { SortSettings().match.tolerance }

    func validate() throws {
        try Validation.tolerance(tolerance)
        try Validation.count(groupSize, flag: "--group-size", example: 3)
    }

    func run() async throws {
        let reporter = RunReporter(output: output, detail: .events)
        let summary = try await reporter.run(Sorter(request, environment: .current).run)
        // A damaged photo that was placed and an unreadable one both count as failed.
        try reporter.show(summary, failures: summary.failures) {
            SummaryText(
                summary: summary, album: to.path.string, isVerbose: output.verbose,
                shownNotes: reporter.shownNotes
            ).text
        }
    }

    private var request: SortRequest {
        var request = SortRequest(photos: [], album: to.path)
        request.study = analysis.request(photos: photos, people: people)
        request.tolerance = tolerance
        request.rule = rule
        request.naming = naming
        request.filesOnlySure = sureOnly
        request.groupSize = groupSize
        request.link = link
        request.isUnknownFlat = flatUnknown
        request.isDryRun = dryRun
        request.prunes = prune
        return request
    }
}
