internal import PhotoIndex
internal import Mustache

/// Something that a template shows: its stored properties are the fields that the template names.
///
/// `Decodable` so that a test can make one of each with every field filled, and hold the templates
/// against it.
protocol TemplateFields: TemplateValue, Decodable {}

/// All that one template shows: a `SheetStartView` fills `sheet-start.mustache`.
protocol TemplateView: TemplateFields {}

extension TemplateView {
    /// The template's name.
    static var template: String {
        String(describing: Self.self).dropLast("View".count)
            .replacing(#/\B[A-Z]/#) { "-" + $0.output }.lowercased()
    }
}

/// What a field can hold: text, a number, a flag, other fields, a list of these, or nothing.
protocol TemplateValue {
    /// The value as the library takes it.
    var filled: Any { get }
}

extension TemplateValue {
    var filled: Any { self }
}

extension String: TemplateValue {}
extension Int: TemplateValue {}
extension Bool: TemplateValue {}

extension Array: TemplateValue where Element: TemplateValue {
    var filled: Any { map(\.filled) }
}

extension Optional: TemplateValue where Wrapped: TemplateValue {
    /// An absent value is `false`, not missing: for a missing name a template would look in the
    /// enclosing fields.
    var filled: Any { map(\.filled) ?? false }
}

extension TemplateFields {
    /// The fields by name. They are reflected once; the library would reflect again at every tag.
    var filled: Any {
        var fields: [String: Any] = [:]
        for field in Mirror(reflecting: self).children {
            guard let name = field.label else { continue }
            switch field.value {
            // The usual ones by themselves: to look up a conformance takes longer.
            case is String, is Int, is Bool: fields[name] = field.value
            case let value as any TemplateValue: fields[name] = value.filled
            default: preconditionFailure("a template cannot show \(type(of: field.value))")
            }
        }
        return fields
    }
}

/// The pages' templates.
enum Templates {
    /// - Returns: the text of the view's template filled with its fields, every text escaped.
    static func render<View: TemplateView>(_ view: View) -> String {
        guard let text = library.render(view.filled, withTemplate: View.template) else {
            preconditionFailure("there is no template '\(View.template)'")
        }
        return text
    }

    static let sources: [String: [UInt8]] = [
        "bar": PackageResources.bar_mustache,
        "doubts": PackageResources.doubts_mustache,
        "draw": PackageResources.draw_mustache,
        "dropped": PackageResources.dropped_mustache, "face": PackageResources.face_mustache,
        "failure": PackageResources.failure_mustache, "frame": PackageResources.frame_mustache,
        "group": PackageResources.group_mustache, "groups": PackageResources.groups_mustache,
        "label": PackageResources.label_mustache,
        "labelled": PackageResources.labelled_mustache,
        "list": PackageResources.list_mustache,
        "lot": PackageResources.lot_mustache, "message": PackageResources.message_mustache,
        "missed": PackageResources.missed_mustache,
        "moved": PackageResources.moved_mustache, "names": PackageResources.names_mustache,
        "outline": PackageResources.outline_mustache,
        "outside": PackageResources.outside_mustache,
        "people": PackageResources.people_mustache, "person": PackageResources.person_mustache,
        "photo-page": PackageResources.photo_page_mustache, "plan": PackageResources.plan_mustache,
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
