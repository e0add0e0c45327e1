import AlbumKit
import ArgumentParser

struct Why: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say why a photo lies where it does.",
        discussion: HelpText.discussion(
            """
            PHOTO is a file in the album; with '--album' it may be an original, or just the name of
            one. With a NAME it says why that person is in the photo or is not. It uses the settings
            of the run that wrote the album.
            """,
            examples: [
                "facesort why ~/Desktop/Party/unknown/IMG_0412.jpg",
                "facesort why ~/Pictures/Party/IMG_0412.jpg Anna --album ~/Desktop/Party",
            ]))

    @Argument(help: "A photo in the album, or its original.")
    var photo: PathArgument

    @Argument(help: "The person you expect to see.")
    var name: String?

    @Option(
        help: ArgumentHelp(
            "The album (default: the one that the photo lies in).", valueName: "album"))
    var album: PathArgument?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let explanation = try chosenAlbum().explain(photo.path, person: name)
        try output.answer(explanation) {
            // The sentences name every face, too; the list of faces is for programs.
            explanation.sentences.map { visible($0) + "\n" }.joined()
        }
    }

    private func chosenAlbum() throws -> Album {
        if let album { return try Album(at: album.path) }
        if let album = Album.containing(photo.path) { return album }
        throw AlbumError(
            .notAnAlbum, photo.path.string, "is not in an album",
            remedy: "Name a photo in the album, or the album with --album.")
    }
}
