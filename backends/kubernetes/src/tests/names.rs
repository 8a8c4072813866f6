//! Names that could meet.

use super::sample::{service, small};
use super::translation;

#[test]
fn services_whose_names_look_alike_stay_apart() {
    let mut stack = small();
    for name in ["shop_api", "shop-api", "shop.api", "SHOP-api", "1st", "on"] {
        stack.services.insert(name.to_owned(), service(name));
    }
    let translation = translation(&stack);
    assert_eq!(translation.conflicts, []);
    let ids: std::collections::HashSet<_> = translation
        .objects
        .iter()
        .map(|object| &object.id)
        .collect();
    assert_eq!(ids.len(), translation.objects.len());
}

#[test]
fn a_name_in_other_case_is_found_all_the_same() {
    let mut stack = small();
    stack
        .services
        .insert("MyCache".to_owned(), service("MyCache"));
    let translation = translation(&stack);
    let is_service = |name: &str| {
        translation
            .objects
            .iter()
            .any(|object| object.id.kind == "Service" && &*object.id.name == name)
    };
    assert!(is_service("mycache"));
}
