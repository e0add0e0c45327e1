internal import FaceCore
internal import PhotoIndex
import AlbumKit
import ArgumentParser

struct People: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the people of an album, check their portraits, or encode faces again.",
        usage: "facesort people <album> [<action>] [--encoder <file>] [<options>]",
        discussion: HelpText.discussion(
            """
            'list' shows everybody with the number of portraits and photos. 'check' names the
            portraits that harm recognition, and what to do about each.

            'reencode' moves the album to the encoder that '--encoder' names, without it back to
            dlib's: every known face is encoded again where it lies. What you said and all names
            stay; who is recognised may change, and the next 'facesort sort' moves the files.
            Interrupted, it leaves the album as it was and carries on when it is run again.
            """,
            examples: [
                "facesort people ~/Desktop/Party list",
                "facesort people ~/Desktop/Party check",
                "facesort people ~/Desktop/Party reencode",
            ], statuses: [.done, .failed, .inUse, .models, .usage, .interrupted]))

    enum Action: String, ExpressibleByArgument, CaseIterable {
        case list, check, reencode
    }

    @Argument(help: "An album made by 'facesort sort'.")
    var album: PathArgument

    @Argument(help: "What to do.")
    var action = Action.list

    @OptionGroup var networks: NetworkOptions

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard action != .reencode && networks.isGiven else { return }
        throw ValidationError(
            "'--encoder', '--engine', '--jobs' and '--models' are about 'reencode'.")
    }

    func run() async throws {
        switch action {
        case .list: try list(Album(at: album.path))
        case .check: try check(Album(at: album.path))
        case .reencode: try await reencode()
        }
    }

    private func reencode() async throws {
        var request = ReencodeRequest(album: album.path)
        request.encoder = networks.encoder?.choice ?? request.encoder
        request.engine = networks.engine ?? request.engine
        request.jobs = networks.jobs
        request.models = networks.models?.path
        let reporter = RunReporter(output: output)
        let summary = try await reporter.run(Reencoder(request, environment: .current).run)
        try reporter.show(summary) { ReencodeText(summary: summary).text }
    }

    private func list(_ album: Album) throws {
        let people = try album.people()
        if output.json {
            Console.standard.result(try JSON.document(["people": people]))
            return
        }
        if people.isEmpty {
            if !output.quiet {
                Console.standard.message(
                    """
                    Nobody is known yet.
                      Put a portrait of each person, named after them, into a folder PEOPLE, then
                      facesort sort --people PEOPLE --to \(shellWord(self.album.path.string))
                    """)
            }
            return
        }
        var columns = Columns([.left, .right, .right, .left])
        for person in people {
            columns.add(
                person.name, counted(person.photoCount, "photo"),
                counted(person.portraitCount, "portrait"), usability(of: person))
        }
        Console.standard.result(columns.text)
    }

    private func usability(of person: PersonRow) -> String {
        let faces = person.referencePhotos
        guard !faces.isEmpty else { return portraitUsability(of: person) }
        let some = faces.prefix(3).map(quoted).joined(separator: ", ")
        return [
            "known by \(counted(faces.count, "face")) in \(some)"
                + (faces.count > 3 ? " ..." : ""),
            portraitUsability(of: person, hasFaces: true),
        ].filter { !$0.isEmpty }.joined(separator: "; ")
    }

    private func portraitUsability(of person: PersonRow, hasFaces: Bool = false) -> String {
        let missing = person.portraitCount - person.referenceCount
        guard missing > 0 else { return "" }
        if person.referenceCount == 0 && !hasFaces { return "none can be used: never recognised" }
        return "\(grouped(missing)) cannot be used"
    }

    private func check(_ album: Album) throws {
        let troubles = try album.portraitTroubles()
        try output.answer(
            ["portraitTroubles": troubles], isShown: !output.quiet || !troubles.isEmpty
        ) {
            troubles.isEmpty
                ? "All portraits are fine.\n"
                : troubles.map { SummaryText.trouble($0, indent: "") + "\n" }.joined()
        }
    }
}
