import Testing

@testable import AlbumWeb

@Suite("Templates")
struct TemplateTests {
    /// Every view that is rendered by itself.
    static var views: [any TemplateView.Type] {
        [
            DoubtsView.self, DrawView.self, DroppedView.self, FrameView.self, GroupView.self,
            GroupsView.self, LabelView.self, LabelledView.self, ListView.self, MessageView.self,
            MissedView.self, MovedView.self, OutsideView.self, PeopleView.self, PersonView.self,
            PhotoPageView.self, PlanView.self, SheetEndView.self, SheetStartView.self,
            SheetTileView.self, ShotView.self, SortView.self, StartView.self,
        ]
    }

    @Test("Every tag of a template names a field of its view, and every field is read")
    func everyField() throws {
        let texts = Templates.sources.mapValues { String(decoding: $0, as: UTF8.self) }
        #expect(try TemplateCheck.problems(in: texts, of: Self.views) == [])
    }

    @Test("Every view can be rendered with all its fields")
    func everyView() throws {
        func rendered<View: TemplateView>(_ view: View.Type) throws -> String {
            Templates.render(try view.init(from: Sampler()))
        }
        for view in Self.views {
            let text = try rendered(view)
            #expect(view == SheetEndView.self || text.contains("text"), "\(view)")
            #expect(!text.contains("Optional(") && !text.contains("false"), "\(view)")
        }
    }

    struct MadeView: TemplateView {
        struct Item: TemplateFields {
            let name: String
            let note: String?
        }

        let heading: String
        let items: [Item]
        let end: String?
    }

    /// All is well with it.
    static let made = """
        {{heading}} {{^empty(items)}}{{#items}}{{> item}}{{/items}}{{/empty(items)}}
        {{#end}}{{end}}{{/end}}
        """
    static let item = "{{name}}{{#note}} {{note}}{{/note}} {{heading}}"

    @Test(
        "A tag without a field, a field without a tag and a template without a view are problems",
        arguments: [
            (made, item, []),
            (made + "{{lead}}", item, ["no view around 'made' has 'lead'"]),
            (made + "{{#lead}}{{/lead}}", item, ["no view around 'made' has 'lead'"]),
            (made + "{{^lead}}{{/lead}}", item, ["no view around 'made' has 'lead'"]),
            (made + "{{name}}", item, ["no view around 'made' has 'name'"]),
            (made, item + "{{end.name}}", ["no view around 'item' has 'end.name'"]),
            (
                made, "{{name}}",
                ["no template reads \(String(reflecting: MadeView.self)).Item.note"]
            ),
            (made + "{{> tail}}", item, ["there is no template 'tail'"]),
            (made + "{{end}}", item, ["'made' prints 'end' even when it is absent"]),
            (made + "{{items}}", item, ["'made' prints 'items', which is no text"]),
            (made, item + "{{.}}", ["'item' prints '.', which is no text"]),
            (
                made + "{{#empty(end)}}{{/empty(end)}}", item,
                ["'made' asks whether 'end' is empty, which is no list"]
            ),
            (
                "{{heading}}{{#end}}{{/end}}", item,
                [
                    "no template reads \(String(reflecting: MadeView.self)).Item.name",
                    "no template reads \(String(reflecting: MadeView.self)).Item.note",
                    "no template reads \(String(reflecting: MadeView.self)).items",
                    "no view fills 'item'",
                ]
            ),
        ])
    func problems(_ made: String, _ item: String, _ problems: [String]) throws {
        #expect(
            try TemplateCheck.problems(in: ["made": made, "item": item], of: [MadeView.self])
                == problems)
    }

    @Test("An absent field hides its section and is not looked for in the enclosing fields")
    func absence() {
        let view = ShotView(
            photo: PhotoView(id: "1", name: "n", width: 3, height: 2, caption: "c"),
            reason: "\"r\"", before: nil, after: "/next", back: "/back")
        let text = Templates.render(view)
        #expect(!text.contains("Previous") && text.contains("<a class=\"btn\" href=\"/next\">"))
        #expect(text.contains("&quot;r&quot;"))
    }
}
