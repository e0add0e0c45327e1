internal import FaceCore
public import AlbumKit
internal import Dispatch
internal import Foundation
public import SystemPackage
internal import Synchronization

/// A page with a thumbnail of every photo of a renaming, its name and what is known about it.
///
/// One file that contains all pictures, in the look of the other pages, to send or print.
public struct ContactSheet {
    /// In pixels: twice the width of a tile on most screens.
    private static let side = 320
    /// How many thumbnails are held at once; each takes about 20 kB.
    private static let batch = 64

    private let pictures: [RenameSummary.Picture]
    private let title: String

    public init(_ summary: RenameSummary) {
        pictures = summary.pictures
        title = FilePath(summary.folder).lastComponent?.string ?? summary.folder
    }

    /// Writes the page over what is there, whole or not at all.
    public func write(to path: FilePath) throws(AlbumError) {
        var start = 0
        var isBegun = false
        var isEnded = false
        try ReportFile.write(to: path) {
            guard isBegun else {
                isBegun = true
                return head
            }
            guard start < pictures.count else {
                defer { isEnded = true }
                return isEnded ? nil : Templates.render(SheetEndView())
            }
            let end = min(pictures.count, start + Self.batch)
            defer { start = end }
            return tiles(pictures[start..<end])
        }
    }

    private var head: String {
        Templates.render(
            SheetStartView(
                title: title, count: counted(pictures.count, "photo"),
                look: String(decoding: PackageResources.facesort_css, as: UTF8.self)))
    }

    private func tiles(_ pictures: ArraySlice<RenameSummary.Picture>) -> String {
        let made = Mutex([Int: [UInt8]]())
        DispatchQueue.concurrentPerform(iterations: pictures.count) { offset in
            let picture = pictures[pictures.startIndex + offset]
            guard let thumbnail = picture.thumbnail(side: Self.side) else { return }
            made.withLock { $0[offset] = thumbnail }
        }
        let thumbnails = made.withLock { $0 }
        return pictures.enumerated().map { offset, picture in
            Templates.render(SheetTileView(picture, thumbnail: thumbnails[offset]))
        }.joined()
    }
}

struct SheetStartView: TemplateView {
    let title: String
    let count: String
    let look: String
}

struct SheetTileView: TemplateView {
    let name: String
    let before: String?
    let people: String?
    let kind: String?
    let label: String?
    let picture: String?

    init(_ picture: RenameSummary.Picture, thumbnail: [UInt8]?) {
        name = picture.name
        before = picture.photo == picture.name ? nil : picture.photo
        people = picture.people.isEmpty ? nil : picture.people.joined(separator: ", ")
        kind = picture.kind?.rawValue
        label = picture.label.map { label in
            guard let sure = picture.labelProbability else { return label }
            return "\(label), \(Int((sure * 100).rounded())) % sure"
        }
        self.picture = thumbnail.map { Data($0).base64EncodedString() }
    }
}

struct SheetEndView: TemplateView {
}
