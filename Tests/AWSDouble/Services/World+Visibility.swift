import FoundationEssentials

extension World {
  /// When what is made or changed now will be seen.
  var nextVisibility: Visibility {
    Visibility(time: now + propagation.seconds, call: callCount + propagation.calls)
  }

  func isVisible(_ visibility: Visibility?) -> Bool {
    visibility.map { now >= $0.time && callCount > $0.call } ?? true
  }

  /// What GetAccessKeyLastUsed will tell of the key that signed.
  mutating func noteUse(of request: WireRequest, for service: Service) {
    guard let authorization = request["authorization"].flatMap({ Authorization($0) }),
      let (user, key) = account.owner(ofKey: authorization.accessKeyID),
      let place = user.keys.firstIndex(where: { $0.id == key.id })
    else { return }
    let use = KeyUse(date: now, service: service, region: authorization.scope.region)
    account.update(user: user.name) { $0.keys[place].lastUse = use }
  }
}
