public import ArgumentParser
public import FaceCore

extension EngineChoice: ExpressibleByArgument {}
extension LinkKind: ExpressibleByArgument {}
extension MatchRule: ExpressibleByArgument {}
extension Naming: ExpressibleByArgument {}
extension SearchDepth: ExpressibleByArgument {}
