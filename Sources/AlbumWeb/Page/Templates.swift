internal import PhotoIndex
internal import Mustache

/// The values for a template. An absent value is `false`, not missing: for a missing name a
/// template would look in the enclosing values.
typealias Values = [String: Any]

/// `value`, or `false`, which a template takes as absent.
func orNothing(_ value: Any?) -> Any { value ?? false }

/// The pages' templates.
enum Templates {
    /// - Returns: the text of template `name` filled with `values`, every text escaped.
    static func render(_ name: String, _ values: Values) -> String {
        guard let text = library.render(values, withTemplate: name) else {
            preconditionFailure("there is no template '\(name)'")
        }
        return text
    }

    private static let sources: [String: [UInt8]] = [
        "bar": PackageResources.bar_mustache, "clean": PackageResources.clean_mustache,
        "doubts": PackageResources.doubts_mustache,
        "draw": PackageResources.draw_mustache,
        "dropped": PackageResources.dropped_mustache, "face": PackageResources.face_mustache,
        "failure": PackageResources.failure_mustache, "frame": PackageResources.frame_mustache,
        "group": PackageResources.group_mustache, "groups": PackageResources.groups_mustache,
        "label": PackageResources.label_mustache,
        "labelled": PackageResources.labelled_mustache,
        "lot": PackageResources.lot_mustache, "message": PackageResources.message_mustache,
        "missed": PackageResources.missed_mustache,
        "moved": PackageResources.moved_mustache, "names": PackageResources.names_mustache,
        "outline": PackageResources.outline_mustache,
        "outside": PackageResources.outside_mustache,
        "people": PackageResources.people_mustache, "person": PackageResources.person_mustache,
        "photo": PackageResources.photo_mustache, "plan": PackageResources.plan_mustache,
        "question": PackageResources.question_mustache,
        "running": PackageResources.running_mustache,
        "share": PackageResources.share_mustache,
        "sheet-end": PackageResources.sheet_end_mustache,
        "sheet-start": PackageResources.sheet_start_mustache,
        "sheet-tile": PackageResources.sheet_tile_mustache,
        "shot": PackageResources.shot_mustache, "sort": PackageResources.sort_mustache,
        "start": PackageResources.start_mustache, "tabs": PackageResources.tabs_mustache,
        "tile": PackageResources.tile_mustache, "trouble": PackageResources.trouble_mustache,
        "troubles": PackageResources.troubles_mustache,
        "undo": PackageResources.undo_mustache, "whole": PackageResources.whole_mustache,
    ]

    private static let library: MustacheLibrary = {
        MustacheContentTypes.register(PageText(), named: PageText.name)
        var library = MustacheLibrary()
        for (name, bytes) in sources {
            // Each template says so itself: a partial does not inherit it from the template around
            // it.
            let text =
                "{{% CONTENT_TYPE: \(PageText.name)}}" + String(decoding: bytes, as: UTF8.self)
            do {
                try library.register(text, named: name)
            } catch {
                preconditionFailure("template '\(name)' is not well formed: \(error)")
            }
        }
        return library
    }()
}

/// Text escaped for HTML, between tags and in quoted attributes.
///
/// By scalars: swift-mustache (2.1.1) escapes by characters and misses a quotation mark with a
/// combining accent after it, which ends an attribute.
struct PageText: MustacheContentType {
    static let name = "PAGE"

    func escapeText(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
            case "\u{0}"..."\u{8}", "\u{B}", "\u{C}", "\u{E}"..."\u{1F}", "\u{7F}"..."\u{9F}":
                escaped.append("\u{FFFD}")
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
