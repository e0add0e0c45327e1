import AlbumKit
import ArgumentParser
import SystemPackage

struct Clean: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Move duplicates, blurred photos and photos of nobody into a bin.",
        usage: """
            facesort clean <photos> ... --to <bin> [--duplicates] [--blurred] [--no-faces] \
            [--no-known --people <folder>] [--apply] [<options>]
            """,
        discussion: HelpText.discussion(
            """
            It says what would go and why; only with --apply are files moved. Nothing is ever
            deleted: what goes lies in BIN/duplicates, BIN/blurred, BIN/no-faces or BIN/others, and
            'facesort undo BIN' brings it back to where it was.

            A photo goes for one reason, the first in this order. Of duplicates the best stays: the
            one with the sharper faces, then with more faces, larger, less compressed. Somebody seen
            from behind counts as no face.

            What is learnt about the photos is kept in BIN/.facesort, or in ALBUM with --album, so
            that the second command on the same photos is quick.
            """,
            examples: [
                "facesort clean ~/Pictures/Party --to ~/Pictures/Bin --duplicates --blurred",
                "facesort clean ~/Phone --to ~/Bin --no-known --people ~/Dear --apply",
                "facesort undo ~/Bin",
            ],
            statuses: [
                .done, .failed, .somePhotosFailed, .inUse, .models, .usage, .interrupted,
            ]))

    @Argument(help: "Folders or files with photos.")
    var photos: [PathArgument]

    @Option(
        help: ArgumentHelp(
            "The bin: a new or empty folder, or one that facesort made.", valueName: "bin"))
    var to: PathArgument

    @Flag(help: "Photos of which there is the same picture, or a better one of the same burst.")
    var duplicates = false

    @Flag(help: "Photos whose faces, or which without faces, are blurred.")
    var blurred = false

    @Flag(help: "Photos in which no face is found.")
    var noFaces = false

    @Flag(help: "Photos in which nobody of PEOPLE, or of ALBUM's people, is recognised.")
    var noKnown = false

    @Option(help: ArgumentHelp("A folder with a portrait of each person.", valueName: "folder"))
    var people: PathArgument?

    @Option(
        help: ArgumentHelp(
            "An album these photos were sorted into: what it knows is used and added to.",
            valueName: "album"))
    var album: PathArgument?

    @Flag(help: "Move the files; without it they are only named.")
    var apply = false

    @Flag(help: "Only say what would go, which is what happens without --apply.")
    var dryRun = false

    @Option(
        help: ArgumentHelp(
            """
            What becomes of files beside a photo with its name, such as IMG_1.xmp, IMG_1.MOV or \
            IMG_1.CR2: move, along with it, or leave.
            """, valueName: "rule"))
    var sidecars: SidecarRule = .move

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
        if apply && dryRun {
            throw ValidationError("'--apply' and '--dry-run' cannot be used together.")
        }
        if noKnown && people == nil && album == nil {
            throw ValidationError(
                "'--no-known' needs the people: '--people FOLDER', or '--album ALBUM'.")
        }
        if people != nil && album != nil {
            throw ValidationError(
                "'--people' cannot stand beside '--album', which knows its people.")
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
        let reporter = CleanReporter(output: output)
        let cleaner = Cleaner(request, environment: Environment.variables)
        let summary = try await StopSignals.during(finish: reporter.finish) {
            interruption throws(AlbumError) in
            try await cleaner.run(interruption: interruption) { reporter.show($0) }
        }
        if let report { try CleanReport(summary).write(to: report.path) }
        try reporter.show(
            summary, bin: to.path.string, report: report?.path.string,
            again: RawArguments.shown(
                RawArguments.escaped().filter { $0 != "--dry-run" }.map(shellArgument)
                    .joined(separator: " ")))
        if !summary.failures.isEmpty { throw ExitStatus.somePhotosFailed }
    }

    private var request: CleanRequest {
        var request = CleanRequest(
            study: analysis.request(photos: photos, people: people, album: album), bin: to.path,
            filters: filters)
        request.sidecars = sidecars
        request.applies = apply
        return request
    }
}
