internal import FaceCore
import AlbumKit
import ArgumentParser

struct Faces: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List every face of an album: where it is and who it is.",
        discussion: HelpText.discussion(
            """
            The photo is given by its path in the PHOTOS folder, the box in pixels of the upright
            photo. The distance is the one that decides: to the recognised person, or else to the
            nearest; when several photos show the face, it is the mean of theirs. The band is 'sure',
            'likely' (both filed), 'ask' (nearly someone) or 'no'. Faces without a name that seem to
            be one person share a cluster: 'person-01' and so on. The reference is what the face is
            compared with: a portrait, or a photo that you said shows the person.

            The table shortens long paths; --csv and --json give every name unchanged. A spreadsheet
            reads a name that begins with '=', '+', '-' or '@' as a formula: import such columns as
            text.
            """,
            examples: [
                "facesort faces ~/Desktop/Party",
                "facesort faces ~/Desktop/Party --csv > faces.csv",
            ]))

    @Argument(help: "An album made by 'facesort sort'.")
    var album: PathArgument

    @Flag(help: "Print comma-separated values, with a header.")
    var csv = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if csv && output.json {
            throw ValidationError("'--csv' and '--json' cannot be used together.")
        }
    }

    func run() throws {
        let faces = try Album(at: album.path).faces()
        if output.json {
            Console.standard.result(try JSON.document(["faces": faces]))
        } else if csv {
            printCSV(faces)
        } else if faces.isEmpty {
            if !output.quiet {
                Console.standard.message("No faces in \(quoted(album.path.string)).")
            }
        } else {
            printTable(faces)
        }
    }

    private func printCSV(_ faces: [FaceRow]) {
        var text = CSV.line([
            "photo", "left", "top", "right", "bottom", "person", "distance", "band", "cluster",
            "reference", "decided",
        ])
        for face in faces {
            text += CSV.line([
                shown(face.photo), String(face.left), String(face.top), String(face.right),
                String(face.bottom), shown(face.person ?? ""),
                face.distance.map { decimal(Double($0), places: 4) } ?? "", face.band.rawValue,
                shown(face.cluster ?? ""), shown(face.reference ?? ""),
                face.isDecided ? "1" : "0",
            ])
        }
        Console.standard.result(text)
    }

    /// A program gets a name unchanged; a terminal must not obey it.
    private func shown(_ name: String) -> String {
        Console.standard.isResultSeen ? visible(name) : name
    }

    private func printTable(_ faces: [FaceRow]) {
        var columns = Columns([.left, .left, .right, .left, .right, .right])
        columns.add("photo", "person", "distance", "band", "size", "at")
        for face in faces {
            columns.add(
                face.photo, face.cluster ?? "-",
                face.distance.map { decimal(Double($0), places: 3) } ?? "-", face.band.rawValue,
                "\(face.right - face.left) x \(face.bottom - face.top)",
                "\(face.left),\(face.top)")
        }
        Console.standard.result(columns.text)
    }
}
