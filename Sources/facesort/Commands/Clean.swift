import AlbumKit
import AlbumWeb
import ArgumentParser
import SystemPackage

struct Clean: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Move duplicates, blurred photos and photos of nobody into a bin.",
        usage: """
            facesort clean <photos> ... --to <bin> [--duplicates] [--blurred] [--no-faces] \
            [--no-known --people <folder>] [--page | --apply] [<options>]
            """,
        discussion: HelpText.discussion(
            """
            It says what would go and why; it moves files only with --apply. Nothing is ever
            deleted: what goes lies in BIN/duplicates, BIN/blurred, BIN/no-faces or BIN/others, and
            'facesort undo BIN' puts it back where it was.

            A photo goes for one reason, the first in this order. The best of the duplicates stays:
            the one with the sharper faces, then with more faces, larger, less compressed. A person
            seen from behind has no face.

            A file with several names, by links or mounts, is one file: its other names are no
            duplicates. A photo that only a link leads to (a linked photo, or one in a linked folder)
            is looked at and never moved.

            With --page it serves pages, to this computer only, on which you look through the photos
            side by side, overrule the suggestions, move photos and undo that. Your choices are kept
            in BIN/.facesort and count whenever these photos are cleaned into BIN.

            What it learns about the photos is kept in BIN/.facesort, or in ALBUM with --album, so
            that the second command on the same photos is quick.
            """,
            examples: [
                "facesort clean ~/Pictures/Party --to ~/Pictures/Bin --duplicates --blurred",
                "facesort clean ~/Pictures/Party --to ~/Bin --duplicates --page --open",
                "facesort clean ~/Phone --to ~/Bin --no-known --people ~/Dear --apply",
                "facesort undo ~/Bin",
            ],
            statuses: ExitStatus.allCases))

    @Argument(help: "Folders or files with photos.")
    var photos: [PathArgument]

    @Option(
        help: ArgumentHelp(
            "The bin: a new or empty folder, or one that facesort made.", valueName: "bin"))
    var to: PathArgument

    @Flag(help: "Photos that show the same picture as a better one, or belong to its burst.")
    var duplicates = false

    @Flag(help: "Photos with blurred faces, and blurred photos without faces.")
    var blurred = false

    @Flag(help: "Photos in which no face is found.")
    var noFaces = false

    @Flag(help: "Photos in which nobody of PEOPLE, or of ALBUM's people, is recognised.")
    var noKnown = false

    @OptionGroup var people: PeopleOptions

    @OptionGroup var moving: MovingOptions

    @Option(
        help: ArgumentHelp(
            "Write duplicates.csv and sharpness.csv into this folder.", valueName: "folder"))
    var report: PathArgument?

    @OptionGroup var analysis: AnalysisOptions

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if filters.isEmpty {
            throw ValidationError(
                "Say what to look for: '--duplicates', '--blurred', '--no-faces', '--no-known'.")
        }
        if noKnown && !people.isGiven {
            throw ValidationError(
                "'--no-known' needs the people: '--people FOLDER', or '--album ALBUM'.")
        }
    }

    private var filters: Set<CleanFilter> {
        let wanted: [(Bool, CleanFilter)] = [
            (duplicates, .duplicates), (blurred, .blurred), (noFaces, .noFaces),
            (noKnown, .noKnown),
        ]
        return Set(wanted.filter(\.0).map(\.1))
    }

    func run() async throws {
        let reporter = RunReporter(output: output)
        if moving.page { return try await servePages(reporter) }
        let summary = try await reporter.run(Cleaner(request, environment: .current).run)
        if let report { try CleanReport(summary: summary).write(to: report.path) }
        try reporter.show(summary, failures: summary.failures) {
            CleanText(
                summary: summary, bin: to.path.string, report: report?.path.string,
                again: RawArguments.again, isVerbose: output.verbose
            ).text
        }
    }

    private func servePages(_ reporter: RunReporter) async throws {
        try await moving.pages.serve(output) { interruption, visit in
            let look = try await reporter.watch { onEvent in
                try await CleaningReview.begin(
                    request, environment: .current, interruption: interruption, onEvent: onEvent)
            }
            defer { look.close() }
            if let report { try CleanReport(summary: look.summary).write(to: report.path) }
            try await visit(PageServer(look: look, port: moving.pages.port))
        }
    }

    private var request: CleanRequest {
        var request = CleanRequest(
            study: people.request(photos, analysis), bin: to.path,
            filters: filters)
        request.sidecars = moving.sidecars
        request.applies = moving.apply
        return request
    }
}
