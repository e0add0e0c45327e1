internal import PhotoIndex
internal import AlbumKit
internal import FaceCore

// What several pages show.

/// How a face in a form can be marked.
struct Marking: TemplateFields {
    let field: String
    let act: String
    let tick: String

    static let takingOut = Marking(field: "out", act: "Take out", tick: "Taken out")
    static let selecting = Marking(field: "face", act: "Select", tick: "Selected")
}

/// A photo: its pictures and what is written below them.
struct PhotoView: TemplateFields {
    let id: String
    let name: String
    let width: Int
    let height: Int
    let caption: String
}

extension PhotoView {
    init(_ photo: ReviewPhoto) {
        self.init(
            id: photo.id.rawValue, name: photo.name, width: photo.width, height: photo.height,
            caption: photo.caption)
    }
}

/// A face: its pictures, its photo and its box.
struct FaceView: TemplateFields {
    let id: String
    let photo: PhotoView
    let caption: String
    let box: String
    let outlines: [OutlineView]

    /// - Parameters:
    ///   - caption: that of the photo when `nil`.
    ///   - isOutlined: whether the whole photo is shown with the face outlined.
    init(_ face: ReviewFace, caption: String? = nil, isOutlined: Bool = false) {
        id = face.id.rawValue
        photo = PhotoView(face.photo)
        self.caption = caption ?? photo.caption
        box = sides(of: face.box).joined(separator: " ")
        outlines = isOutlined ? [OutlineView(face.box)] : []
    }
}

/// A face that can be marked, for the template `face`.
struct MarkedFaceView: TemplateFields {
    /// How near it is to a person, and to the next.
    struct Under: TemplateFields {
        let distance: String
        let next: String?
        let nextDistance: String?
    }

    let face: FaceView
    let marking: Marking
    let isTicked: Bool
    var under: Under?
}

/// A group on a list of groups, for the template `lot`.
struct LotView: TemplateFields {
    let number: Int
    let photos: String
    let mayBeSeveral: Bool
    let faces: [String]

    init(_ group: ReviewGroup) {
        number = group.number.rawValue
        photos = counted(group.photoCount, "photo")
        mayBeSeveral = group.mayBeSeveral
        faces = group.faces.prefix(3).map(\.id.rawValue)
    }
}

/// A frame around a face, drawn on a photo whose sides are 1.
struct OutlineView: TemplateFields {
    let kind: String?
    let x: String
    let y: String
    let width: String
    let height: String

    init(_ box: FaceBox, kind: String? = nil) {
        self.kind = kind
        let sides = sides(of: box)
        (x, y, width, height) = (sides[0], sides[1], sides[2], sides[3])
    }
}

/// Something, and how much of it or what for it.
struct PairView: TemplateFields, Sendable {
    let name: String
    let value: String
}

/// An entry of a list to choose one from.
struct ChoiceView: TemplateFields {
    let value: String
    let label: String
    let isChosen: Bool
}

/// A file, and what happened to it.
struct ItemView: TemplateFields {
    let name: String
    let reason: String
}

extension ItemView {
    /// - Parameter name: of the file; the failure's path when `nil`.
    init(_ failure: PhotoFailure, name: String? = nil) {
        self.init(
            name: name ?? failure.path, reason: "It \(failure.reason). \(failure.remedy)")
    }

    /// - Returns: the file under its name, without the folders.
    static func named(_ failure: PhotoFailure) -> ItemView {
        ItemView(
            failure, name: failure.path.split(separator: "/").last.map(String.init))
    }
}

/// The photos that could not be read, for the template `troubles`.
struct TroublesView: TemplateFields {
    let title: String
    let all: [ItemView]

    /// - Returns: `nil` without any.
    init?(_ failures: [PhotoFailure]) {
        guard !failures.isEmpty else { return nil }
        title = "\(counted(failures.count, "photo")) had trouble"
        all = failures.map { ItemView($0) }
    }
}

extension ReviewPhoto {
    /// "IMG_1862.jpg · 14 June, 17:31"
    var caption: String { [name, taken.map(moment)].compactMap { $0 }.joined(separator: " · ") }
}

extension ReviewPerson {
    /// The person's picture; `nil` when there is none.
    var picture: String? {
        face.map { Route.facePicture($0.id).path }
            ?? portrait.map { Route.portraitPicture($0).path }
    }
}

/// Left, top, width and height of the part of `box` inside the photo.
func sides(of box: FaceBox) -> [String] {
    let left = max(0, box.left)
    let top = max(0, box.top)
    return [left, top, min(1, box.right) - left, min(1, box.bottom) - top].map(fraction)
}

/// Part of a long list.
struct Section<Element> {
    let items: [Element]
    /// From 1.
    let number: Int
    /// `nil` when the part is the whole list.
    let pages: PagesView?

    init(_ all: [Element], page: String?, size: Int) {
        let last = max(1, (all.count + size - 1) / size)
        number = min(last, max(1, page.flatMap(Int.init) ?? 1))
        let start = (number - 1) * size
        items = Array(all.dropFirst(start).prefix(size))
        pages =
            last == 1
            ? nil
            : PagesView(
                before: number > 1 ? number - 1 : nil, after: number < last ? number + 1 : nil,
                afterLabel: "Show \(grouped(max(0, all.count - start - size))) more")
    }
}

/// The ways to the other parts of a long list.
struct PagesView: TemplateFields {
    let before: Int?
    let after: Int?
    let afterLabel: String
}
