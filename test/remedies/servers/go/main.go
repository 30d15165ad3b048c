package main

import "net/http"

func main() {
	app := http.NewServeMux()
	items := func(response http.ResponseWriter, request *http.Request) {
		if request.URL.Path == "/private" && request.Header.Get("Cookie") == "" {
			response.WriteHeader(http.StatusUnauthorized)
			return
		}
		if request.Method != http.MethodGet && request.Method != http.MethodPut {
			response.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		response.Header().Set("X-Total-Count", "2")
		response.Write([]byte("[]"))
	}
	app.HandleFunc("/items", items)
	app.HandleFunc("/private", items)
	http.ListenAndServe("127.0.0.1:@PORT@", app)
}
