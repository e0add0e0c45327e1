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
            It says what would go and why; only with --apply are files moved. Nothing is ever
            deleted: what goes lies in BIN/duplicates, BIN/blurred, BIN/no-faces or BIN/others, and
            'facesort undo BIN' brings it back to where it was.

            A photo goes for one reason, the first in this order. Of duplicates the best stays: the
            one with the sharper faces, then with more faces, larger, less compressed. Somebody seen
            from behind counts as no face.

            With --page it serves pages, to this computer only, on which you look through the photos
            side by side, overrule what is suggested, move them and undo that. What you chose is kept
            in BIN/.facesort and counts whenever these photos are cleaned into BIN.

            What is learnt about the photos is kept in BIN/.facesort, or in ALBUM with --album, so
            that the second command on the same photos is quick.
            """,
            examples: [
                "facesort clean ~/Pictures/Party --to ~/Pictures/Bin --duplicates --blurred",
                "facesort clean ~/Pictures/Party --to ~/Bin --duplicates --page --open",
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

    @Flag(help: "Serve pages to look through the photos, to overrule and to move them.")
    var page = false

    @OptionGroup var pages: PageOptions

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
        if page && (apply || dryRun) {
            throw ValidationError(
                "'--page' and '\(apply ? "--apply" : "--dry-run")' cannot be used together: on the "
                    + "pages nothing is moved before you press 'Move'.")
        }
        if !page && (pages.port != nil || pages.open) {
            throw ValidationError("'--port' and '--open' are about the pages: add '--page'.")
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
        if page { return try await servePages(reporter) }
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

    private func servePages(_ reporter: CleanReporter) async throws {
        let interruption = Interruption()
        // The same for the look and the visit: a second source for a signal hears nothing once the
        // first was cancelled (libdispatch of Swift 6.3 on Linux).
        let signals = StopSignals(
            interruption, message: "Finishing what is in hand ... (press again to stop at once)")
        defer { withExtendedLifetime(signals) {} }
        let look = try await look(reporter, interruption)
        defer { look.close() }
        if let report { try CleanReport(look.summary).write(to: report.path) }
        try await pages.visit(
            PageServer(look: look, port: pages.port), output, until: interruption)
    }

    private func look(
        _ reporter: CleanReporter, _ interruption: Interruption
    ) async throws -> CleanLook {
        defer { reporter.finish() }
        return try await CleanLook.begin(
            request, environment: Environment.variables, interruption: interruption
        ) { reporter.show($0) }
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
