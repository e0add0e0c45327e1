import AlbumKit
import AlbumWeb
import ArgumentParser
import SystemPackage

struct Rename: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Rename photos by date, people and what is in them.",
        usage: """
            facesort rename <photos> ... --template <template> [--to <folder> | --zip <file>] \
            [--sheet <file>] [--apply] [<options>]
            """,
        discussion: HelpText.discussion(
            """
            It shows the old names and the new ones; it renames files only with --apply. Nothing is
            overwritten, equal names are numbered, and 'facesort undo PHOTOS' gives the old names
            back. Photos stay in their folders; IMG_1.xmp and IMG_1.MOV go along with IMG_1.jpg.
            A symbolic link and the photo that it points to keep their names. Running it again
            changes nothing.

            With --to or --zip the originals stay as they are, and their copies get the new names.
            A photo that only a link leads to (a linked photo, or one in a linked folder) is never
            renamed.

            FIELDS:
              {date}       2024-05-01, by the camera's clock
              {time}       12.33.10
              {sequence}   001, in order of time
              {people}     Anna, Ben: from left to right
              {count}      how many faces
              {burst}      which one of its burst
              {camera}     Canon EOS 5D
              {kind}       portrait, pair, group (3 to 8), crowd (9 and more), scene
              {label}      what is in the picture; it needs a model, see 'facesort models'
              {original}   the name it had

            A field that a photo has nothing for is left out, with the text between it and its
            neighbour. The extension follows the content.
            """,
            examples: [
                "facesort rename ~/Pictures/Party --template '{date} {people} {kind}'",
                "facesort rename ~/Pictures/Party --template '{date}_{sequence}' --apply",
                "facesort rename ~/Pictures/Party --template '{kind}' --zip ~/p.zip --apply",
            ],
            statuses: ExitStatus.allCases))

    @Argument(help: "A folder with photos; with --to or --zip, any folders and files.")
    var photos: [PathArgument]

    @Option(help: ArgumentHelp("The new names: text with fields in braces.", valueName: "template"))
    var template: String

    @Option(
        help: ArgumentHelp(
            "Write renamed copies here: a new or empty folder, or one with such copies.",
            valueName: "folder"))
    var to: PathArgument?

    @Option(
        help: ArgumentHelp(
            "Write renamed copies into this ZIP file, which must not exist yet.",
            valueName: "file"))
    var zip: PathArgument?

    @Option(
        help: ArgumentHelp(
            "Write a page that shows each photo with its name and who is in it: a file 'x.html'.",
            valueName: "file"))
    var sheet: PathArgument?

    @OptionGroup var people: PeopleOptions

    @Flag(help: "Rename the files; without it the names are only shown.")
    var apply = false

    @Flag(help: "Only show the names; the same as without --apply.")
    var dryRun = false

    @OptionGroup var analysis: AnalysisOptions

    @OptionGroup var output: OutputOptions

    func validate() throws {
        _ = try parsedTemplate()
        if photos.count > 1 && to == nil && zip == nil {
            throw ValidationError(
                "Photos are renamed in one folder at a time; '--to FOLDER' and '--zip FILE' write "
                    + "renamed copies.")
        }
        if to != nil && zip != nil {
            throw ValidationError("'--to' and '--zip' cannot be used together.")
        }
        if let sheet, !["html", "htm"].contains(sheet.path.extension?.lowercased()) {
            throw ValidationError(
                "--sheet '\(sheet.path.string)' cannot be used: a page's name ends in '.html'.")
        }
        try Validation.rehearsal(apply: apply, dryRun: dryRun)
    }

    private func parsedTemplate() throws -> RenameTemplate {
        guard let text = String(validating: RawArguments.bytes(of: template), as: UTF8.self) else {
            throw ValidationError("--template '\(template)' is not text.")
        }
        do {
            return try RenameTemplate(text)
        } catch {
            throw ValidationError("--template '\(template)' \(error.reason).\n\(error.remedy)")
        }
    }

    func run() async throws {
        let reporter = RunReporter(output: output)
        let summary = try await reporter.run(Renamer(try request(), environment: .current).run)
        if let sheet { try ContactSheet(summary).write(to: sheet.path) }
        try reporter.show(summary, failures: summary.failures) {
            RenameText(
                summary: summary, folder: (zip ?? to ?? photos[0]).path.string,
                sheet: sheet?.path.string,
                again: RawArguments.again, isVerbose: output.verbose
            ).text
        }
    }

    private func request() throws -> RenameRequest {
        var request = RenameRequest(
            study: people.request(photos, analysis),
            template: try parsedTemplate())
        request.destination =
            zip.map { .zip($0.path) } ?? to.map { .folder($0.path) } ?? .photos
        request.applies = apply
        request.wantsLabels = sheet != nil
        return request
    }
}
