import Foundation

/// The sample portraits: people whose faces were cut out and made upright, 150 x 150 pixels each.
///
/// They are the `johns` of dlib's examples: five people of eleven portraits, made by dlib's own
/// `extract_image_chips` with a padding of a quarter.
struct Portraits {
    /// One portrait; it is read from its file when it is needed.
    struct Portrait: Hashable, Sendable {
        /// The person's name, as people write it.
        let person: String
        let path: String
    }

    /// A face's box inside a portrait, in fractions of its side.
    ///
    /// A chip of padding 1/4 puts the face's own square between 1/6 and 5/6; dlib's HOG box, which
    /// is larger, is at 22...134 of 150 pixels on 40 of the 55 portraits, and all 55 boxes overlap
    /// that one by IoU .65 or more. It was measured on the portraits enlarged fourfold.
    static let faceStart = 22.0 / 150
    static let faceEnd = 134.0 / 150

    /// The people in order of their names, each with their portraits in order of the file names.
    let people: [(name: String, portraits: [Portrait])]

    /// The group photos in order of their names.
    let groupPhotos: [String]

    /// - Throws: ``SampleError`` when the folder does not hold the samples.
    init(samples: String) throws {
        let johns = samples + "/johns"
        people = try Self.names(in: johns).map { folder in
            let name = folder.replacing("_", with: " ")
            let files = try Self.names(in: "\(johns)/\(folder)").filter { $0.hasSuffix(".jpg") }
            return (name, files.map { Portrait(person: name, path: "\(johns)/\(folder)/\($0)") })
        }
        groupPhotos = try Self.names(in: samples + "/faces").filter { $0.hasSuffix(".jpg") }
            .map { "\(samples)/faces/\($0)" }
        guard people.count >= 5, people.allSatisfy({ $0.portraits.count >= 5 }) else {
            throw SampleError("'\(samples)' does not hold the sample portraits of five people")
        }
    }

    private static func names(in folder: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw SampleError("'\(folder)' cannot be read")
        }
    }
}

/// Why no pictures could be made, with the remedy.
struct SampleError: Error, CustomStringConvertible {
    let description: String

    init(_ reason: String) {
        description = reason + ".\n  Run 'Scripts/setup', which fetches the samples."
    }
}
