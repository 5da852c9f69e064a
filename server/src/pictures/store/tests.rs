use super::*;
use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::IntoResponse;
use std::collections::BTreeMap;
use std::sync::Mutex;
use tokio::net::TcpListener;

/// The objects of a bucket by their paths.
type Objects = Arc<Mutex<BTreeMap<String, Bytes>>>;

/// As much of S3 as is needed here, on a port of its own.
async fn bucket(objects: Objects) -> String {
    async fn answer(State(objects): State<Objects>, method: Method, uri: Uri, body: Bytes) -> impl IntoResponse {
        let mut objects = objects.lock().expect("nobody has panicked");
        let path = uri.path().to_owned();
        let (status, content) = match method {
            Method::PUT => (StatusCode::OK, objects.insert(path, body).map(|_| Bytes::new())),
            Method::GET => match objects.get(&path) {
                Some(bytes) => (StatusCode::OK, Some(bytes.clone())),
                None => (StatusCode::NOT_FOUND, None),
            },
            Method::DELETE => (StatusCode::NO_CONTENT, objects.remove(&path).map(|_| Bytes::new())),
            _ => (StatusCode::METHOD_NOT_ALLOWED, None),
        };
        (status, [(header::ETAG, "\"tag\"")], content.unwrap_or_default())
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let router = Router::new().fallback(answer).with_state(objects);
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn open(uploads: &str) -> Store {
    let settings = BTreeMap::from([("GUILDHALL_UPLOADS".to_owned(), uploads.to_owned())]);
    Store::open(&Config::load(&BTreeMap::new(), &settings).expect("settings")).expect("a store")
}

/// What is put there can be had until it is deleted.
async fn keeps(store: &Store) {
    let name = "ab".repeat(32);
    assert_eq!(store.get(&name).await, Ok(None));
    store.put(&name, Bytes::from("once")).await.expect("it is taken");
    store.put(&name, Bytes::from("twice")).await.expect("it is taken again");
    assert_eq!(store.get(&name).await, Ok(Some(Bytes::from("twice"))));
    store.delete(&name).await.expect("it goes");
    store.delete(&name).await.expect("it is gone");
    assert_eq!(store.get(&name).await, Ok(None));
}

#[tokio::test]
async fn a_bucket_keeps_pictures() {
    let _first = rustls::crypto::ring::default_provider().install_default();
    let objects = Objects::default();
    let endpoint = format!("http%3A%2F%2F{}", bucket(Arc::clone(&objects)).await);
    let options = "allow_http=true&region=eu-1&access_key_id=key&secret_access_key=secret";
    let store = open(&format!("s3://pics/guild/a?endpoint={endpoint}&{options}"));
    keeps(&store).await;
    store.put("abcd", Bytes::from("x")).await.expect("it is taken");
    let paths: Vec<_> = objects.lock().expect("nobody has panicked").keys().cloned().collect();
    assert_eq!(paths, ["/pics/guild/a/ab/abcd"]);
}

#[tokio::test]
async fn a_folder_keeps_pictures() {
    let folder = std::env::temp_dir().join(format!("guildhall_{}", uuid::Uuid::now_v7().simple()));
    let store = open(&format!("file://{}", folder.display()));
    keeps(&store).await;
    store.put("abcd", Bytes::from("x")).await.expect("it is taken");
    assert!(folder.join("ab/abcd").is_file());
    std::fs::remove_dir_all(folder).expect("the folder is ours to remove");
}
