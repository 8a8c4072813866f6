//! Held to what an engine 20.10 answered: `fixtures/recorded/swarm`.

use serde_json::{Value, json};
use tranship_backend::Object;
use tranship_backend::deploy::{Difference, Role, Wanted};
use tranship_model::ObjectId;

use super::compare::compare;
use super::inventory::{Inventory, Item, Kind};
use super::{labels, observe};

const STACKS: [(&str, &str); 2] = [
    (
        "shop",
        include_str!("../../../../fixtures/recorded/swarm/shop.json"),
    ),
    (
        "everything",
        include_str!("../../../../fixtures/recorded/swarm/everything.json"),
    ),
];

/// What was sent, with what the engine then said.
struct Pair {
    wanted: Wanted,
    item: Item,
}

fn pairs(text: &str) -> Vec<Pair> {
    let pairs: Vec<Value> = serde_json::from_str(text).unwrap();
    pairs.iter().map(pair).collect()
}

fn pair(pair: &Value) -> Pair {
    let kind = Kind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == pair["kind"]);
    let kind = kind.unwrap();
    let name = pair["wanted"]["Name"].as_str().unwrap();
    Pair {
        wanted: Wanted {
            object: Object {
                id: ObjectId::new(kind.as_str(), name),
                body: pair["wanted"].clone(),
            },
            role: Role::Foundation,
            uses: Vec::new(),
        },
        item: Item::of(kind, &pair["live"]).unwrap(),
    }
}

fn differences(stack: &str, pairs: &[Pair]) -> Vec<(ObjectId, Difference)> {
    // What the engine says of `/networks/host?scope=swarm`.
    let host = json!({"Name": "host", "Id": "77sr8vhpknthblpj1ag43u3xu", "Scope": "swarm"});
    let host = Item::of(Kind::Network, &host);
    let items = pairs.iter().map(|pair| pair.item.clone());
    let inventory = Inventory {
        items: items.chain(host).collect(),
    };
    let compared = pairs.iter().map(|pair| {
        let id = pair.wanted.object.id.clone();
        let live = observe::live(stack, id.clone(), &pair.item, &inventory);
        (id, compare(&pair.wanted, &live))
    });
    compared.collect()
}

#[test]
fn what_was_sent_is_no_difference() {
    for (stack, text) in STACKS {
        let pairs = pairs(text);
        assert!(pairs.len() > 10, "{stack}");
        for (id, difference) in differences(stack, &pairs) {
            assert_eq!(difference, Difference::Same, "{stack}: {id}");
        }
    }
}

/// Every single value of what was sent, changed, is found; but for the driver of a network nobody
/// uses yet.
#[test]
fn a_change_of_any_value_is_a_difference() {
    for (stack, text) in STACKS {
        let mut pairs = pairs(text);
        for index in 0..pairs.len() {
            let body = pairs[index].wanted.object.body.clone();
            let places = leaves(&body, "").into_iter();
            let unknown = pairs[index].item.spec["Driver"] == "";
            let is_said = |place: &String| !(unknown && place == "/Driver");
            for place in places.filter(is_said) {
                let mut changed = body.clone();
                let value = changed.pointer_mut(&place).unwrap();
                *value = other(value);
                pairs[index].wanted.object.body = changed;
                let found = differences(stack, &pairs).remove(index).1;
                assert_ne!(found, Difference::Same, "{stack}: {place}");
            }
            pairs[index].wanted.object.body = body;
        }
    }
}

fn leaves(value: &Value, path: &str) -> Vec<String> {
    let inner = |key: &str| format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| leaves(value, &inner(key)))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(index, value)| leaves(value, &inner(&index.to_string())))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => vec![path.to_owned()],
    }
}

fn other(value: &Value) -> Value {
    match value {
        Value::Bool(value) => Value::Bool(!value),
        Value::Number(value) => Value::from(value.as_f64().unwrap_or_default() + 7.0),
        Value::String(value) => Value::from(format!("{value}-other")),
        Value::Null | Value::Array(_) | Value::Object(_) => Value::from("other"),
    }
}

#[test]
fn a_network_made_anew_makes_its_services_differ() {
    let (stack, text) = STACKS[0];
    let mut pairs = pairs(text);
    let front = pairs.iter().position(|pair| pair.item.name == "shop_front");
    let mut fresh = pairs[front.unwrap()].item.clone();
    fresh.id = "fresh".to_owned();
    fresh.created = "9".to_owned();
    fresh.name = "shop_front_0123abcd".to_owned();
    labels::set(&mut fresh.spec, labels::NAME, "shop_front");
    let wanted = pairs[front.unwrap()].wanted.clone();
    pairs.push(Pair {
        wanted,
        item: fresh,
    });
    let differences = differences(stack, &pairs);
    let web = differences.iter().find(|(id, _)| &*id.name == "shop_web");
    assert!(matches!(web, Some((_, Difference::InPlace(_)))), "{web:?}");
    let cache = differences.iter().find(|(id, _)| &*id.name == "shop_cache");
    assert!(matches!(cache, Some((_, Difference::Same))), "{cache:?}");
}
