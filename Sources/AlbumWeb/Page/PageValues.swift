internal import PhotoIndex
internal import AlbumKit
internal import FaceCore

// What the pages show, as values for the templates.

/// How a face in a form can be marked.
struct Marking {
    let field: String
    let act: String
    let tick: String

    static let takingOut = Marking(field: "out", act: "Take out", tick: "Taken out")
    static let selecting = Marking(field: "face", act: "Select", tick: "Selected")
}

extension ReviewFace {
    /// Its pictures, its photo and its box.
    var pageValues: Values {
        [
            "id": id.rawValue, "photo": photo.id.rawValue, "photoName": photo.name,
            "photoWidth": photo.width, "photoHeight": photo.height,
            "caption": photo.caption, "box": sides(of: box).joined(separator: " "),
            "outlines": [outline(of: box)],
        ]
    }

    func pageValues(_ marking: Marking, isTicked: Bool, under: Values? = nil) -> Values {
        let marked: Values = [
            "field": marking.field, "act": marking.act, "tick": marking.tick,
            "isTicked": isTicked, "under": orNothing(under),
        ]
        return pageValues.merging(marked) { $1 }
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

extension ReviewGroup {
    var pageValues: Values {
        [
            "number": number.rawValue, "photos": counted(photoCount, "photo"),
            "mayBeSeveral": mayBeSeveral, "faces": faces.prefix(3).map(\.pageValues),
        ]
    }
}

/// A frame around a face, drawn on a photo whose sides are 1.
func outline(of box: FaceBox, kind: String? = nil) -> Values {
    let sides = sides(of: box)
    return [
        "kind": orNothing(kind), "x": sides[0], "y": sides[1], "width": sides[2],
        "height": sides[3],
    ]
}

/// Left, top, width and height of the part of `box` inside the photo.
func sides(of box: FaceBox) -> [String] {
    let left = max(0, box.left)
    let top = max(0, box.top)
    return [left, top, min(1, box.right) - left, min(1, box.bottom) - top].map(fraction)
}

/// For the template `troubles`: the photos that could not be read; `nil` without any.
func troubles(_ failures: [PhotoFailure]) -> Values? {
    guard !failures.isEmpty else { return nil }
    return [
        "title": "\(counted(failures.count, "photo")) had trouble",
        "all": failures.map { failure -> Values in
            ["name": failure.path, "reason": "It \(failure.reason). \(failure.remedy)"]
        },
    ]
}

/// Part of a long list.
struct Section<Element> {
    let items: [Element]
    let before: Int?
    let after: Int?
    /// How many come after.
    let restCount: Int

    init(_ all: [Element], page: String?, size: Int) {
        let last = max(1, (all.count + size - 1) / size)
        let page = min(last, max(1, page.flatMap(Int.init) ?? 1))
        let start = (page - 1) * size
        items = Array(all.dropFirst(start).prefix(size))
        before = page > 1 ? page - 1 : nil
        after = page < last ? page + 1 : nil
        restCount = max(0, all.count - start - size)
    }

    /// For a template; `nil` when the part is the whole list.
    func values(_ more: Values) -> Values? {
        guard before != nil || after != nil else { return nil }
        return [
            "before": orNothing(before), "after": orNothing(after),
            "afterLabel": "Show \(grouped(restCount)) more",
        ].merging(more) { $1 }
    }
}
